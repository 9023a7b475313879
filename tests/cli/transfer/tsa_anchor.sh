# An authority for time-stamps is believed as one, and is no sender.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send --answer-by 2049-12-01T12:00:00Z
try evidence-transfer receive "$transfer" "${recipient[@]}" -q -o no.asice \
    --trust-anchor "$TESTS/vectors/sample-ca.crt" | cut -d: -f1-3
try evidence-transfer receive "$transfer" "${recipient[@]}" -q -o out.asice "${trust[@]}" \
    --tsa-anchor "$TESTS/vectors/sample-ca.crt"
try evidence-transfer status "$transfer" | grep -E '^(verdict|finding)'
