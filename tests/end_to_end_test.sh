#!/usr/bin/env bash
# The main job from end to end, each result checked with our tools and with stock tools only:
# acquire, seal, transfer, receive, close, verify on both sides.
#
#   end_to_end_test.sh BIN_DIR
set -euo pipefail
tests=$(realpath "$(dirname "$0")")
PATH="$(realpath "$1"):$PATH:/usr/sbin:/sbin"
export PATH TZ=UTC LC_ALL=C.UTF-8
unset EVIDENCE_CASE EVIDENCE_KEY EVIDENCE_CERT EVIDENCE_CHAIN
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch"

fail() {
    echo "end_to_end_test: $*" >&2
    [ ! -s out ] || sed 's/^/    /' out >&2
    exit 1
}
# expect STATUS COMMAND...: the output stays in ./out for a closer look.
expect() {
    local wanted=$1 status=0
    shift
    "$@" >out 2>&1 || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status (expected $wanted): $*"
}
# says TEXT: the last output contains it.
says() {
    grep -qF -- "$1" out || fail "does not say: $1"
}
# What README.txt of a package says to paste into a shell prints nothing when everything holds.
follow_readme() { # PACKAGE FOLDER
    mkdir "$2"
    cp "$1" "$2/package.asice"
    cp pki/root.pem "$2/ca.pem"
    unzip -p "$1" README.txt |
        awk '/^Paste this/ { on = 1; next }
            on && /^    / { print substr($0, 5); begun = 1; next }
            begun && /./ { exit }' >"$2/commands.sh"
    [ "$(wc -l <"$2/commands.sh")" -gt 20 ] || fail "README.txt has no commands"
    (cd "$2" && bash commands.sh) >out 2>&1 || true
    [ ! -s out ] || fail "the commands of README.txt object to $1"
}
# The same commands over the folder unpacked before, to which something was done.
follow_again() { # FOLDER
    sed '/^mkdir unpacked/d; /^unzip /d' "$1/commands.sh" >"$1/again.sh"
    (cd "$1" && bash again.sh) >out 2>&1 || true
}

"$tests/pki/make_pki.sh" pki
sender=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/chain.pem)
receiver=(--key pki/good-rsa.key --cert pki/good-rsa.pem --chain pki/chain.pem
    --decrypt-key pki/recipient-rsa.key --decrypt-cert pki/recipient-rsa.pem)
trust=(--trust-anchor pki/root.pem)

# Sources: a file system image of several pieces, a tree with names that hurt, a stream.
mkdir -p disk "tree/a b/$(printf 'line\nbreak')" tree/empty
seq 100000 >disk/numbers
seq 50 >'tree/a b/журнал.log'
printf 'x' >"tree/$(printf 'not-utf8-\377')"
printf 'y' >"tree/a b/$(printf 'line\nbreak')/back\\slash"
ln -s ../outside tree/link
ln tree/a\ b/журнал.log tree/hardlink
truncate -s 3M tree/sparse
mkfifo tree/pipe
mke2fs -q -t ext4 -d disk disk.img 8M >/dev/null

expect 0 evidence-custody init case --case-number E2E-1 --title 'End to end' --officer Lan \
    "${sender[@]}"
expect 0 evidence-acquire --case case --item DISK-1 --digest md5,sha256 "${sender[@]}" disk.img
expect 0 evidence-acquire --case case --item TREE-1 "${sender[@]}" tree
head -c 3000001 /dev/urandom >stream
expect 0 bash -c "evidence-acquire --case case --item PIPE-1 ${sender[*]} - <stream"
expect 3 evidence-acquire --case case --item DISK-1 "${sender[@]}" disk.img
expect 2 evidence-acquire --item DISK-2 "${sender[@]}" disk.img
says 'evidence-custody init'
expect 0 evidence-custody record --case case --type store --item DISK-1 --place 'Room 4' \
    "${sender[@]}"

expect 0 evidence-seal --case case --all "${sender[@]}" -o whole.asice
expect 3 evidence-seal --case case --all "${sender[@]}" -o whole.asice
expect 0 evidence-seal --case case --item DISK-1 "${sender[@]}" -o part.asice
evidence-seal --case case --all "${sender[@]}" -o - 2>out | cat >streamed.asice ||
    fail "seal to a pipe"
for package in whole part streamed; do
    expect 0 evidence-verify $package.asice "${trust[@]}"
    says TOTAL-PASSED
    expect 6 evidence-verify $package.asice
    says certificate.no-chain
done
expect 0 evidence-verify case "${trust[@]}"

# Other people's programs.
[ "$(dd if=whole.asice bs=1 skip=30 count=8 status=none)" = mimetype ] || fail "offset 30"
[ "$(dd if=whole.asice bs=1 skip=38 count=31 status=none)" = \
    application/vnd.etsi.asic-e+zip ] || fail "offset 38"
expect 0 python3 -c "import zipfile; z = zipfile.ZipFile('whole.asice'); \
assert z.testzip() is None; print(*z.namelist())"
says 'data/000003.img'
follow_readme whole.asice stock
unpacked=stock/unpacked
expect 0 xmllint --noout "$unpacked"/META-INF/ASiCManifest00[12].xml
cmp disk.img "$unpacked/data/000001.bin" || fail "the image in the package"
cmp stream "$unpacked/data/000003.img" || fail "the stream in the package"
chmod -R u+w "$unpacked"
echo >>"$unpacked/acquisition/000001.json"
printf 'changed' | dd of="$unpacked/data/000001.bin" bs=1 seek=5000000 conv=notrunc status=none
echo added >"$unpacked/data/added.txt"
follow_again stock
says 'DIFFERS: acquisition/000001.json'
says 'acquisition/000001.json: FAILED'
says 'DIFFERS: data/000001.bin'
says 'differ: byte'
says 'NOT SIGNED: data/added.txt'

# Over to the other side, back with a receipt.
mkdir channel
expect 0 evidence-transfer send whole.asice --to channel --recipient pki/recipient-rsa.pem \
    --part-size 1MiB --case case "${sender[@]}"
transfer=$(echo channel/*)
! grep -rqF 'E2E-1' "$transfer" || fail "the case number travels in clear"
expect 0 evidence-custody init other --case-number OTHER-9 --title 'Request' --officer Marie \
    "${receiver[@]:0:6}"
expect 0 evidence-transfer receive "$transfer" "${receiver[@]}" --case other "${trust[@]}" \
    -o received.asice
cmp whole.asice received.asice || fail "what arrived differs"
expect 1 evidence-transfer receive "$transfer" "${receiver[@]}" --case other "${trust[@]}" \
    -o received.asice
says 'received before'
expect 0 evidence-transfer close "$transfer" --receipt "$transfer/receipt.json" --case case \
    "${trust[@]}" "${sender[@]}"
expect 0 evidence-transfer close "$transfer" --case other "${trust[@]}" "${receiver[@]:0:6}"
expect 0 evidence-transfer status "$transfer"
expect 0 evidence-verify received.asice "${trust[@]}"
expect 0 evidence-verify "$transfer" "${trust[@]}"
expect 0 evidence-verify case "${trust[@]}"
expect 0 evidence-verify other "${trust[@]}"
follow_readme received.asice stock-abroad

# An item that changed after it was acquired cannot be sealed, and is named.
chmod u+w case/items/DISK-1 case/items/DISK-1/file.bin
printf 'changed' | dd of=case/items/DISK-1/file.bin bs=1 seek=5000000 conv=notrunc status=none
expect 1 evidence-seal --case case --all "${sender[@]}" -o refused.asice
says DISK-1
[ ! -e refused.asice ] || fail "a refused package stands under its final name"
expect 1 evidence-verify case "${trust[@]}"
says DISK-1
