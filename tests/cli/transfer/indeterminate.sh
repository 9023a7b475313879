# Without a trust anchor the package is intact but its signer unknown: a receipt that says so.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send --answer-by 2049-12-01T12:00:00Z
try evidence-transfer receive "$transfer" "${recipient[@]}" -q -o out.asice
cmp package.asice out.asice
try evidence-transfer status "$transfer"
evidence-verify "$transfer" "${trust[@]}" | grep -c timestamp || true
evidence-verify "$transfer" "${trust[@]}" --require timestamp | grep timestamp
