# A second copy in the same pass: the same files, whole or not there, gone on with together.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "making a small file system needs root"
evidence-custody init case --case-number A-1 --title Also --officer Lan --quiet >/dev/null
make() { # BYTES SEED
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' "$2")" \
        -iv "$(printf '%032d' 0)"
}
make 70M 1 >disk.bin
mkdir second tree && make 3M 2 >tree/a && echo text >tree/b
said() {
    { "$@" 2>&1 || echo "exit $?"; } | grep -v 'not signed' |
        sed -E 's|/[^ ]*/work/|HERE/|g; s/partial-[A-Za-z0-9]{6}/partial-XXXXXX/g
            s/on [a-z0-9, ]+$/on DISKS/; s/[0-9]+ bytes are kept/N bytes are kept/
            s/byte [0-9]+/byte N/; s/piece [0-9]+/piece N/'
}
equal() { diff -r "case/items/$1" "$2/$1" && echo "$1 is the same twice"; }
echo '-- files, streams and folders'
said evidence-acquire --case case --item FILE-1 --also second --quiet disk.bin
equal FILE-1 second
make 5M 3 | said evidence-acquire --case case --item STREAM-1 --also second --quiet -
equal STREAM-1 second
said evidence-acquire --case case --item TREE-1 --also second --quiet tree
equal TREE-1 second
cmp disk.bin second/FILE-1/file.bin
ls -A case/items second
evidence-acquire --case case --item FILE-2 --also second --json --quiet disk.bin |
    grep -o '"also":"[^"]*second/FILE-2"' | wc -l
echo '-- an item that is there already is not replaced'
said evidence-custody init other --case-number A-2 --title Also --officer Lan --quiet
said evidence-acquire --case other --item FILE-1 --also second disk.bin
ls -A other/items
echo '-- the second disk is full: both can be gone on with, together'
mkdir small
mount -t tmpfs -o size=40m tmpfs small 2>/dev/null || skip "mount does not work here"
trap 'umount small' EXIT
said evidence-acquire --case case --item FULL-1 --also small --quiet disk.bin
ls -A small | sed -E 's/partial-[A-Za-z0-9]{6}/partial-XXXXXX/'
said evidence-acquire --case case --item FULL-1 --resume --quiet disk.bin
mount -o remount,size=100m small
said evidence-acquire --case case --item FULL-1 --also small --resume --quiet disk.bin
equal FULL-1 small
cmp disk.bin small/FULL-1/file.bin
echo '-- a second copy that changed meanwhile is not gone on with'
mount -o remount,size=105m small
said evidence-acquire --case case --item FULL-2 --also small --quiet disk.bin
mount -o remount,size=200m small
printf '!' | dd of="$(echo small/.FULL-2.partial-*/file.bin)" bs=1 seek=77 conv=notrunc status=none
said evidence-acquire --case case --item FULL-2 --also small --resume --quiet disk.bin
rm -r small/.FULL-2.partial-*
said evidence-acquire --case case --item FULL-2 --also small --resume --quiet disk.bin
echo '-- a wrong folder with a finished copy of the same name is left as it is'
mkdir others && cp -r second/FILE-1 others/FULL-2
said evidence-acquire --case case --item FULL-2 --also others --resume --quiet disk.bin
ls -A others
echo '-- no place for a copy'
said evidence-acquire --case case --item TREE-2 --also tree --quiet tree
said evidence-acquire --case case --item TREE-2 --also tree/inside --quiet tree
ls tree
touch plain
said evidence-acquire --case case --item FILE-3 --also plain --quiet disk.bin
