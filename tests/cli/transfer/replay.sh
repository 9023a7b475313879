# A transfer is received into a case once; a target that is there is never replaced.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
evidence-custody init other --case-number FR-9 --title T \
    --officer M -q "${recipient[@]:0:6}" >/dev/null
send
cp -r "$transfer" again
receive() {
    try evidence-transfer receive "$1" "${recipient[@]}" --case other "${trust[@]}" \
        --trust-anchor "$TESTS/vectors/sample-ca.crt" -q -o "$2"
}
receive "$transfer" out.asice
receive "$transfer" out.asice
receive "$transfer" new.asice
receive again new.asice
ls again | grep -v part
[ ! -e new.asice ]
echo kept >kept.asice
send
receive "$transfer" kept.asice
cat kept.asice
