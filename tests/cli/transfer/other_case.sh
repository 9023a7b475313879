# A case sends what it sealed or received, nothing else.
. "$TESTS/cli/transfer/setup.bash"
seal_package
try evidence-transfer send package.asice "${to[@]}" --case other "${recipient[@]:0:6}"
transfer=$(evidence-transfer send package.asice "${to[@]}" -q --case case "${sender[@]}")
evidence-transfer receive "$transfer" "${recipient[@]}" --case other "${trust[@]}" -q \
    -o received.asice >/dev/null
try evidence-transfer send received.asice --to channel --recipient pki/recipient-ec.pem \
    --case other "${recipient[@]:0:6}"
