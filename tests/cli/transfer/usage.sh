# Wrong requests are refused before anything is written.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
try evidence-transfer
try evidence-transfer send package.asice "${to[@]}"
try evidence-transfer send package.asice "${sender[@]}"
for size in 0 63KiB 65MiB 1GB 99999999999999999999 -1 1.5MiB; do
    try evidence-transfer send package.asice --to channel --recipient pki/recipient-rsa.pem \
        --part-size $size "${sender[@]}"
done
try evidence-transfer send package.asice "${to[@]}" "${sender[@]}" --answer-by tomorrow
try evidence-transfer send package.asice "${to[@]}" "${sender[@]}" --answer-by 2020-01-01T00:00:00Z
try evidence-transfer send package.asice --to nowhere --recipient pki/recipient-rsa.pem \
    "${sender[@]}"
try evidence-transfer send pki/root.pem "${to[@]}" "${sender[@]}"
try evidence-transfer send package.asice --to channel --recipient pki/good-ec.pem "${sender[@]}"
try evidence-transfer send package.asice --to channel --recipient pki/expired.pem "${sender[@]}"
try evidence-transfer send package.asice "${to[@]}" --key pki/ed25519.key --cert pki/ed25519.pem
try evidence-transfer send package.asice "${to[@]}" --key pki/good-ec.key --cert pki/good-rsa.pem
for name in expired not-yet-valid; do
    try evidence-transfer send package.asice "${to[@]}" --key pki/$name.key --cert pki/$name.pem
    try evidence-transfer receive channel --key pki/$name.key --cert pki/$name.pem -o out.asice
done
try evidence-transfer send package.asice "${to[@]}" --key absent.key --cert pki/good-ec.pem
try evidence-transfer receive channel "${recipient[@]}" -o out.asice
try evidence-transfer receive nowhere "${recipient[@]}" -o out.asice
try evidence-transfer receive channel "${recipient[@]}"
try evidence-transfer receive channel "${recipient[@]}" -o out.asice --refuse no
try evidence-transfer close channel "${sender[@]}"
try evidence-transfer status nowhere
ls -A . channel
