# A package goes from one case to another and the answer comes back; both ledgers tell it.
. "$TESTS/cli/transfer/setup.bash"
seal_package
try evidence-transfer send package.asice "${to[@]}" --case case "${sender[@]}"
transfer=$(echo channel/*)
# Short words turn up in any ciphertext sooner or later.
grep -rl 'USB-01' "$transfer" ||
    find "$transfer" -type f ! -name 'part-*' -exec grep -lE 'HN-1|Lan' {} + ||
    echo "nothing of the case travels in clear"
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other "${trust[@]}" \
    --media 'stick 4711' -o received.asice
cmp package.asice received.asice
try evidence-transfer status "$transfer"
try evidence-transfer close "$transfer" --receipt "$transfer/receipt.json" --case case \
    "${trust[@]}" "${sender[@]}"
try evidence-transfer close "$transfer" --case other "${trust[@]}" "${recipient[@]:0:6}"
for side in case other; do
    history $side
    ls $side/transfers/*
    diff -r --exclude='*part*' --exclude=key.p7m $side/transfers/* "$transfer"
done
try evidence-verify "$transfer" "${trust[@]}"
id=$(basename "$transfer")
rm -r channel
try evidence-transfer status "$id" --case other
