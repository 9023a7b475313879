# A package that fails verification is refused, and so is what the recipient will not take.
. "$TESTS/cli/transfer/setup.bash"
seal_package
# The sender seals, then the package is damaged before it is sent.
printf X | dd of=package.asice bs=1 seek=100000 conv=notrunc status=none
transfer=$(evidence-transfer send package.asice "${to[@]}" -q --case case "${sender[@]}")
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other "${trust[@]}" -q \
    -o out.asice
ls "$transfer" | grep -v part
[ ! -e out.asice ]
try evidence-transfer close "$transfer" --receipt "$transfer/refusal.json" --case case \
    "${trust[@]}" "${sender[@]}"
try evidence-transfer status "$transfer"

transfer=$(evidence-transfer send package.asice "${to[@]}" -q --case case "${sender[@]}")
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other --refuse 'Not mine'
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other --refuse wrong-authority
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other -o out.asice
for side in case other; do
    history $side
done
