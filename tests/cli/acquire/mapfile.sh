# An image with the mapfile of the tool that made it: what that could not read is what the item
# could not have, at the very places, and the bytes there are as that tool left them.
evidence-custody init case --case-number M-1 --title T --officer Lan --quiet >/dev/null
head -c 3000320 /dev/zero | tr '\0' x >image
python3 - <<'END'
# Unreadable, never tried, not trimmed and not scraped; two of them touch.
blocks = [(0, 512, "-"), (512, 99_488, "+"), (100_000, 48, "?"), (100_048, 1000, "*"),
          (101_048, 1_898_952, "+"), (2_000_000, 320, "/"), (2_000_320, 1_000_000, "+")]
with open("image.map", "w") as out:
    out.write("# Mapfile. Created by GNU ddrescue version 1.27\n# current_pos\n0x2DC6C0 + 1\n")
    for position, size, status in blocks:
        out.write(f"0x{position:08X}  0x{size:08X}  {status}\n")
END
acquire() {
    { evidence-acquire --case case --quiet --item "$@" 2>&1 || echo "exit $?"; } |
        sed "s|$PWD|HERE|g"
}
evidence-acquire --case case --item RESCUED-1 --mapfile image.map --json image >result 2>said ||
    echo "exit $?"
grep -o '"complete":[a-z]*\|"map":{[^}]*}' result
cat said
cmp image case/items/RESCUED-1/file.bin
cat case/items/RESCUED-1/map
grep -o '"map":{[^}]*}' case/items/RESCUED-1/acquisition.json
grep -o '"mapfile_sha256":"[^"]*"' case/items/RESCUED-1/acquisition.json |
    grep -c "$(sha256sum <image.map | cut -c1-64)"
evidence-verify case | grep unread | sed 's/  */ /g'

echo '-- a disk that was read whole'
printf '%s\n' '0x0 + 1' '0x00000000  0x002DC800  +' >whole.map
acquire RESCUED-2 --mapfile whole.map image
ls case/items/RESCUED-2

echo '-- not of this image, or no mapfile'
for wrong in '0 0x2DC7FF +' '0 0x2DC801 +' '512 2999808 +' '0 0x2DC800 x' 'nothing'; do
    printf '%s\n' '0x0 + 1' "$wrong" >wrong.map
    acquire RESCUED-3 --mapfile wrong.map image
done
printf '%s\n' '0x0 + 1' '0 512 +' '1024 2999296 -' >wrong.map
acquire RESCUED-3 --mapfile wrong.map image
: >wrong.map
acquire RESCUED-3 --mapfile wrong.map image
acquire RESCUED-3 --mapfile absent.map image

echo '-- what does not go together'
acquire RESCUED-3 --mapfile image.map --on-error fill image
acquire RESCUED-3 --mapfile image.map --resume image
acquire RESCUED-3 --mapfile image.map - <image
mkdir folder
acquire RESCUED-3 --mapfile image.map folder
ls -A case/items
