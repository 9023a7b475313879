# Disks that cannot be read everywhere: every readable sector is in the image at its own place,
# every unreadable one is zeros and in the map, and nothing else is.
. "$TESTS/bad_disk/setup.bash"
evidence-custody init case --case-number B-1 --title T --officer Lan --quiet >/dev/null
make_disk 8389120 # an odd number of sectors
digest=$(sha256sum <disk.bin)

scenario() { # NAME SECTOR_SIZE OPTIONS...; ranges on standard input
    local name=$1 sector=$2 status=0
    shift 2
    cat >ranges
    break_disk "$sector"
    evidence-acquire --case case --item "$name" --on-error fill --json "$@" "$device" \
        >result 2>said || status=$?
    expected_image "$sector"
    cmp expected.img "case/items/$name/image.img" || true
    echo "$name: exit $status $(grep -o '"map":{[^}]*}' result)" \
        "$(grep -c unreadable: said || true) places said"
    [ ! -e "case/items/$name/map" ] || python3 - "case/items/$name/map" "$sector" <<'END'
# ddrescue's map says the same as what was made unreadable.
import os, sys
sector, disk = int(sys.argv[2]), os.path.getsize("disk.bin")
blocks = [line.split() for line in open(sys.argv[1]) if not line.startswith("#")][1:]
bad = [(int(a, 0), int(a, 0) + int(s, 0)) for a, s, status in blocks if status == "-"]
truth = []
for line in open("ranges"):
    offset, size, what = line.split()
    if what not in ("eio", "hang"):
        continue
    first = int(offset) // sector * sector
    end = min((int(offset) + int(size) + sector - 1) // sector * sector, disk)
    if truth and truth[-1][1] >= first:
        truth[-1] = (truth[-1][0], max(end, truth[-1][1]))
    else:
        truth.append((first, end))
print("map agrees" if bad == truth else f"map {bad} (expected {truth})")
END
}
scenario healthy 512 </dev/null
scenario start 512 <<<'0 4096 eio'
scenario end 512 <<<'8388608 512 eio'
scenario single 512 <<<'3000320 512 eio'
scenario unaligned 512 <<<'1048000 1500 eio'
scenario one-byte 512 <<<'5000001 1 eio'
make_disk 8388608
scenario big-sectors 4096 <<<'4100000 1 eio'
make_disk 8389120
scenario across-buffers 512 <<<'1000000 3000000 eio'
python3 -c 'for i in range(100): print(20_000 + i * 83_000, 512, "eio")' >scattered
scenario scattered 512 <scattered
scenario all-of-it 512 <<<'0 8389120 eio'
scenario once 512 --retries 2 <<<'2000000 2000 once'
scenario backwards 512 --retries 0 --reverse <<<'2097152 8192 backwards'
evidence-verify case | grep -E 'unread-ranges|FAILED' | sed 's/  */ /g' | head -3
echo '-- the source is as it was'
[ "$(sha256sum <disk.bin)" = "$digest" ] && echo same

echo '-- stop, which is the default, says the sector and keeps nothing'
echo '3000320 512 eio' >ranges
break_disk 512
evidence-acquire --case case --item STOP-1 --retries 0 "$device" 2>&1 |
    sed "s|$device|DEVICE|" || true
[ ! -e case/items/STOP-1 ] && echo nothing
echo '-- a sector that can be read at the second try stops nobody'
echo '3000320 512 once' >ranges
break_disk 512
evidence-acquire --case case --item STOP-2 --quiet --retries 1 "$device" 2>&1 |
    sed "s|$device|DEVICE|"
cmp disk.bin case/items/STOP-2/image.img && echo same
echo '-- a filled item is sealed and verified, and its reader is told'
evidence-custody identity --name Officer --out-key key --out-cert cert >/dev/null
evidence-seal --case case --item single --key key --cert cert --quiet -o out.asice
evidence-verify out.asice --trust-anchor cert | grep -E '^(TOTAL|INDET)|unread' | sed 's|  *| |g' ||
    true
echo '-- a map that tells another story is found out'
cp -r case other && chmod -R u+w other
python3 - <<'END'
lines = open("other/items/single/map").read().split("\n")
at = [i for i, line in enumerate(lines) if line.endswith("  -")][0]
start, size, _ = lines[at].split()
moved = int(start, 0) + int(size, 0)
lines[at - 1] = f"0x00000000  0x{moved:08X}  +"
lines[at] = f"0x{moved:08X}  {size}  -"
rest_start, rest_size, _ = lines[at + 1].split()
lines[at + 1] = f"0x{moved + int(size, 0):08X}  0x{int(rest_size, 0) - int(size, 0):08X}  +"
open("other/items/single/map", "w").write("\n".join(lines))
END
evidence-verify other | grep '^failed' | sed 's/  */ /g'
