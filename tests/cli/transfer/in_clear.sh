# Without encryption the parts are the package itself.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send --no-encrypt
ls "$transfer" | sed 3,34d
cat "$transfer"/part-*.bin | cmp - package.asice
try evidence-transfer receive "$transfer" "${recipient[@]}" "${trust[@]}" \
    --trust-anchor "$TESTS/vectors/sample-ca.crt" -q -o out.asice
cmp package.asice out.asice
try evidence-verify "$transfer" "${trust[@]}"
rm "$transfer"/receipt.*
printf X | dd of="$transfer/part-000002.bin" bs=1 conv=notrunc status=none
try evidence-transfer receive "$transfer" "${recipient[@]}" "${trust[@]}" -q -o second.asice
