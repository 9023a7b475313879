# An item that is no longer what was acquired is named, and no package appears.
. "$TESTS/cli/seal/small_case.bash"
chmod -R u+w case/items
attempt() {
    evidence-seal --case case --all "${signer[@]}" -o out.asice 2>&1 || echo "exit $?"
    ls out.asice .out* 2>/dev/null || true
}
damage() { # FILE OFFSET
    cp --preserve=mode "$1" saved
    printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
    attempt | masked
    cp saved "$1"
}
disk=case/items/DISK-1 tree=case/items/TREE-1
echo '-- one byte'
damage $disk/file.bin 1500000
damage $tree/tree.tar 600
damage $disk/acquisition.json 20
damage $disk/pieces.txt 70
damage $tree/index.jsonl 100
echo '-- shorter, longer, gone'
cp $disk/file.bin saved
truncate -s -1 $disk/file.bin
attempt
cp saved $disk/file.bin
echo >>$disk/file.bin
attempt
rm $disk/file.bin
attempt
cp saved $disk/file.bin
echo '-- as it was'
evidence-seal --case case --all "${signer[@]}" --quiet -o out.asice
ls out.asice
