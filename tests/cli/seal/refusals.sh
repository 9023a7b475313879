# What is refused, each with one line and its exit status; nothing is left behind.
. "$TESTS/cli/seal/small_case.bash"
"$TESTS/pki/make_pki.sh" pki
attempt() {
    evidence-seal "$@" || echo "exit $?"
} 2>&1
echo '-- usage'
attempt --case case "${signer[@]}" -o out.asice
attempt --case case --all --new "${signer[@]}" -o out.asice
attempt --case case --all "${signer[@]}"
attempt --case case --all "${signer[@]}" -o - --json
attempt --case case --all "${signer[@]}" -o out.asice --condition 'no text'
attempt --case case --all "${signer[@]}" -o out.asice --timestamp soon
attempt --all "${signer[@]}" -o out.asice
attempt --case case --new --record out.asice
echo '-- keys'
attempt --case case --all -o out.asice
attempt --case case --all --key officer.key -o out.asice
attempt --case case --all --key pki/good-rsa.key --cert pki/good-ec.pem -o out.asice
attempt --case case --all --key pki/ed25519.key --cert pki/ed25519.pem -o out.asice
attempt --case case --all --key pki/tsa.key --cert pki/tsa.pem -o out.asice
attempt --case case --all --key pki/weak-rsa.key --cert pki/weak-rsa.pem -o out.asice
attempt --case case --all --key pki/expired.key --cert pki/expired.pem -o out.asice |
    sed 's/(expected.*)/(expected ..)/'
attempt --case case --all --key pki/not-yet-valid.key --cert pki/not-yet-valid.pem -o out.asice |
    sed 's/(expected.*)/(expected ..)/'
attempt --case case --all --key absent.key --cert ca.pem -o out.asice
echo '-- words that no event can carry'
for option in --reason --place --authority --officer --role; do
    attempt --case case --all "${signer[@]}" -o out.asice "$option" $'two\twords'
done
attempt --case case --all "${signer[@]}" -o out.asice --condition $'use-limit=\xff'
attempt --case case --record there.asice "${signer[@]}" --reason $'two\twords'
evidence-custody log --case case --json | grep -c '"type":"seal' || true
echo '-- targets and items'
echo kept >there.asice
attempt --case case --all "${signer[@]}" -o there.asice
cat there.asice
attempt --case case --all "${signer[@]}" -o no/such/folder.asice
attempt --case case --item NONE-9 "${signer[@]}" -o out.asice
attempt --case nowhere --all "${signer[@]}" -o out.asice
evidence-custody init empty --case-number E --title E "${signer[@]}" --quiet >/dev/null
attempt --case empty --all "${signer[@]}" -o out.asice
echo '-- requests'
printf '{"a":1,"a":2}' >twice.json
attempt --case case --all "${signer[@]}" --request twice.json -o out.asice
echo '[]' >list.json
attempt --case case --all "${signer[@]}" --request list.json -o out.asice
attempt --case case --all "${signer[@]}" --request absent.json -o out.asice
echo '-- a failure as JSON'
attempt --case case --item NONE-9 "${signer[@]}" -o out.asice --json
ls -A
