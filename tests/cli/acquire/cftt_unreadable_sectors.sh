# Around unreadable sectors nothing moves and nothing readable is lost; each of them is reported
# with its kind and its place; the fill is zeros, exactly over what could not be read.
. "$TESTS/bad_disk/setup.bash"
evidence-custody init case --case-number C-1 --title T --officer Lan --quiet >/dev/null
make_disk 4194816
scenario() { # NAME SECTOR_SIZE; ranges on standard input
    cat >ranges
    break_disk "$2"
    evidence-acquire --case case --item "$1" --on-error fill --retries 0 "$device" \
        >out 2>said || echo "exit $?"
    python3 - "$1" "$2" <<'END'
import hashlib, json, re, sys
item, size = sys.argv[1], int(sys.argv[2])
truth = open("disk.bin", "rb").read()
image = open(f"case/items/{item}/image.img", "rb").read()
record = json.load(open(f"case/items/{item}/acquisition.json"))
ranges = [tuple(map(int, line.split()[:2])) for line in open("ranges")]
bad = {n for at, length in ranges for n in range(at // size, (at + length - 1) // size + 1)}
kept = shifted = filled = 0
lost = []
for n in range(len(truth) // size):
    sector, real = image[n * size:n * size + size], truth[n * size:n * size + size]
    if n in bad:
        filled += sector == bytes(size)
    elif sector == real:
        kept += 1
    else:
        lost.append(n)
        shifted += sector != bytes(size)
print(f"{item}: {len(image) == len(truth)} size, {kept} kept, {filled} of {len(bad)} filled, "
      f"{len(lost)} lost, {shifted} at a wrong place")
said = set()
for first, last, error, byte in re.findall(
        r"unreadable: sectors? (\d+)(?: to (\d+))? \((\w+) at byte (\d+)\)", open("said").read()):
    assert error == "EIO" and int(byte) == int(first) * size, (first, error, byte)
    said |= set(range(int(first), int(last or first) + 1))
print("each is said with its place" if said == bad else f"said {sorted(said)} of {sorted(bad)}")
zeros = record["map"]["bad_bytes"] == len(bad) * size
digest = record["digests"]["sha256"] == hashlib.sha256(image).hexdigest()
print(f"bytes in the record {zeros}, digest of the image as it is {digest}")
END
}
echo '-- one sector: its neighbours are kept, whatever the page cache loses'
scenario ONE-1 512 <<<'2097664 512 eio'
echo '-- first, last, and a pair over the border of a buffer'
scenario ENDS-1 512 <<<$'0 512 eio\n1048064 1024 eio\n4194304 512 eio'
echo '-- every second sector of a stretch'
for i in $(seq 0 9); do echo "$((700000 / 512 * 512 + i * 1024)) 512 eio"; done >every-second
scenario SECOND-1 512 <every-second
echo '-- a byte within a sector of 4096 bytes'
make_disk 4194304
scenario LARGE-1 4096 <<<'1234567 1 eio'
