# What cannot be disclosed, and what was said wrongly; nothing is left behind.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice
disclose() {
    echo "-- $*"
    evidence-seal --case case --from full.asice "$@" "${signer[@]}" --quiet -o part.asice 2>&1 ||
        echo "exit $?"
    [ ! -e part.asice ]
}
disclose --only DISK-1
disclose --blind
disclose --only DISK-1 --blind --named
disclose --only DISK-1 --blind --all
disclose --blind --range 0-1
disclose --named --range DISK-1
disclose --named --range DISK-1:5-5
disclose --named --range DISK-1:0-99999999
disclose --named --range TREE-1:0-1
disclose --named --range 0xg-1
disclose --blind --replace DISK-1
disclose --blind --replace DISK-1=ca.pem
disclose --blind --replace DISK-1=absent --reason x
disclose --blind --replace DISK-1=disk.img --reason x
disclose --blind --only NONE-1
disclose --blind --only TREE-1/absent
disclose --blind --only 'TREE-1/a b'
disclose --blind --only TREE-1/link
disclose --blind --match 'no such/*'
disclose --blind --match 'link'
disclose --blind --only DISK-1 --replace DISK-1=ca.pem --reason x
disclose --blind --only-from /dev/null
disclose --blind --only DISK-1 --given $'\xff'
echo '-- no package to cut from'
evidence-seal --case case --from disk.img --only A --blind "${signer[@]}" -o part.asice 2>&1 ||
    echo "exit $?"
evidence-seal --case case --only A --blind "${signer[@]}" -o part.asice 2>&1 || echo "exit $?"
echo '-- what was changed is not given'
at=$(grep -abo '100000' full.asice | head -1 | cut -d: -f1)
(head -c "$at" full.asice; printf X; tail -c +$((at + 2)) full.asice) >changed.asice
evidence-seal --case case --from changed.asice --only DISK-1 --blind "${signer[@]}" \
    -o part.asice 2>&1 || echo "exit $?"
echo '-- of the rest nothing is read'
evidence-seal --case case --from changed.asice --only TREE-1 --blind "${signer[@]}" --quiet \
    -o rest.asice
ls -A
