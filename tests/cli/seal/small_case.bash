# A small case in ./case for the cases of this folder: an image of several pieces, a folder tree and
# a stream; signer is the array of options of a self-signed officer, who is trusted in ca.pem.
evidence-custody identity --name 'Test Officer' --organization 'Test Unit' --country VN \
    --out-key officer.key --out-cert ca.pem >/dev/null
signer=(--key officer.key --cert ca.pem)
evidence-custody init case --case-number T-7 --title 'A small case' "${signer[@]}" --quiet \
    >/dev/null
seq 400000 >disk.img
mkdir -p 'tree/a b' tree/empty
echo hello >'tree/a b/hello.txt'
: >tree/nothing
ln -s 'a b/hello.txt' tree/link
acquire() {
    evidence-acquire --case case "${signer[@]}" --quiet "$@" >/dev/null
}
acquire --item DISK-1 disk.img
acquire --item TREE-1 tree

# What differs from run to run, by name.
masked() {
    sed -E 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/UUID/g; s/\b[0-9a-f]{64}\b/SHA256/g
            s/bytes [0-9]+/bytes N/'
}
