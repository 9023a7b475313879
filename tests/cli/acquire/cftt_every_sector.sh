# Every visible sector of every kind of source is acquired, at its own address, the last one too;
# the source is afterwards what it was before.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
devices=()
trap 'for each in "${devices[@]}"; do losetup --detach "$each"; done' EXIT
attach() { # OPTIONS... FILE
    device=$(losetup --find --show --read-only "$@" 2>/dev/null) ||
        skip "losetup does not work here"
    devices+=("$device")
}
known() { # BYTES: each of its sectors differs
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
        -iv "$(printf '%032d' 0)"
}
evidence-custody init case --case-number C-1 --title T --officer Lan --quiet >/dev/null
compare() { # NAME ITEM SOURCE: sector by sector, against what the system itself reads
    python3 - "$@" <<'END'
import json, os, sys
name, item, source = sys.argv[1:]
record = json.load(open(f"case/items/{item}/acquisition.json"))
image = [n for n in os.listdir(f"case/items/{item}") if n.endswith((".img", ".bin"))]
found = open(f"case/items/{item}/{image[0]}", "rb").read()
truth = open(source, "rb").read()
sectors = (len(truth) + 511) // 512
wrong = [n for n in range(sectors) if found[n * 512:n * 512 + 512] != truth[n * 512:n * 512 + 512]]
same_size = len(found) == len(truth) == record["size_bytes"]
print(f"{name}: {record['method']}, {sectors} sectors, {len(wrong)} differ,",
      "size is that of the source" if same_size else f"{len(found)} bytes")
END
}

echo '-- whole devices, with even, odd and single sectors'
for sectors in 1 2 7 2047 2048 2049 5861; do
    known $((sectors * 512)) >disk
    before=$(sha256sum <disk)
    attach disk
    evidence-acquire --case case --item "DISK-$sectors" --quiet "$device"
    [ "$(blockdev --getsize64 "$device")" = "$(stat -c %s "case/items/DISK-$sectors/image.img")" ]
    compare "whole device" "DISK-$sectors" "$device"
    [ "$(sha256sum <disk)" = "$before" ] || echo "the source was changed"
done

echo '-- logical sectors of 4096 bytes'
known $((1025 * 4096)) >disk4k
attach --sector-size 4096 disk4k
evidence-acquire --case case --item DISK-4K --quiet "$device"
compare "whole device" DISK-4K "$device"

echo '-- partitions: exactly theirs, with an odd last sector'
truncate -s 8M parted
python3 - <<'END'
import struct
with open("parted", "r+b") as disk:  # a master boot record with two partitions
    for place, (kind, start, size) in enumerate([(7, 2049, 4097), (0x83, 8191, 8193)]):
        disk.seek(446 + 16 * place)
        disk.write(struct.pack("<BxxxBxxxII", 0, kind, start, size))
    disk.seek(510)
    disk.write(b"\x55\xaa")
END
known $((4097 * 512)) | dd of=parted bs=512 seek=2049 conv=notrunc status=none
known $((8193 * 512)) | dd of=parted bs=512 seek=8191 conv=notrunc status=none
# The last sector of an NTFS partition is the copy of its first, which file systems hide.
printf 'the copy of the boot sector' |
    dd of=parted bs=512 seek=$((2049 + 4096)) conv=notrunc status=none
before=$(sha256sum <parted)
attach --partscan parted
if [ ! -b "${device}p1" ]; then # a kernel that reads no partition tables
    addpart "$device" 1 2049 4097 && addpart "$device" 2 8191 8193 ||
        skip "no partitions of loop devices here"
fi
evidence-acquire --case case --item PART-1 --quiet "${device}p1"
compare partition PART-1 "${device}p1"
evidence-acquire --case case --item PART-2 --quiet "${device}p2"
compare partition PART-2 "${device}p2"
tail -c 512 case/items/PART-1/image.img | head -c 27; echo
[ "$(sha256sum <parted)" = "$before" ] || echo "the source was changed"

echo '-- the same bytes as file and as stream, with an end within a sector'
known 3000001 >file
before=$(sha256sum <file)
evidence-acquire --case case --item FILE-1 --quiet file
compare file FILE-1 file
cat file | evidence-acquire --case case --item PIPE-1 --quiet -
compare stream PIPE-1 file
[ "$(sha256sum <file)" = "$before" ] || echo "the source was changed"
evidence-verify case | grep -E 'FAILED' || echo "nothing failed"
