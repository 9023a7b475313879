# Words or certificates that no event can carry are found before anything is written.
. "$TESTS/cli/transfer/setup.bash"
seal_package
before=$(history case)
try evidence-transfer send package.asice "${to[@]}" "${sender[@]}" --case case \
    --reason $'two\twords'
try evidence-transfer send package.asice "${to[@]}" --case case \
    --key pki/expired.key --cert pki/expired.pem
ls -A channel case/transfers
[ "$(history case)" = "$before" ]
send
try evidence-transfer receive "$transfer" "${recipient[@]}" --case other -o out.asice \
    --place $'two\nlines'
ls "$transfer" | grep -v part
ls -A other/transfers
[ ! -e out.asice ]
history other
