# For cases that need a disk with bad sectors. BAD_DISK is the program of tests/bad_disk.
#
#   make_disk SIZE          disk.bin with known content
#   break_disk SECTOR_SIZE  a loop device over it, of which `ranges` cannot be read; sets $device
#   unbreak_disk            takes it away again
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
[ -c /dev/fuse ] || skip "no /dev/fuse"
command -v bad_disk >/dev/null || skip "bad_disk is not built (expected libfuse3-dev)"
device='' server=''
unbreak_disk() {
    [ -z "$device" ] || losetup --detach "$device" || true
    [ -z "$server" ] || { kill -9 "$server"; wait "$server" 2>/dev/null || true; }
    umount -l fuse 2>/dev/null || true
    device='' server=''
}
trap unbreak_disk EXIT
make_disk() {
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
        -iv "$(printf '%032d' 0)" >disk.bin
}
break_disk() {
    unbreak_disk
    mkdir -p fuse
    bad_disk disk.bin ranges fuse -f >fuse.log 2>&1 &
    server=$!
    until mountpoint -q fuse; do
        kill -0 "$server" 2>/dev/null || skip "FUSE does not work here: $(cat fuse.log)"
    done
    device=$(losetup --find --show --read-only --direct-io=on --sector-size "$1" fuse/disk) ||
        skip "losetup does not work here"
}
# What the image has to be: the disk with zeros over the ranges of `ranges` (whole sectors).
expected_image() { # SECTOR_SIZE
    python3 - "$1" <<'END'
import sys
sector = int(sys.argv[1])
content = bytearray(open("disk.bin", "rb").read())
for line in open("ranges"):
    offset, size, what = line.split()
    if what not in ("eio", "hang"):
        continue
    first = int(offset) // sector * sector
    last = min((int(offset) + int(size) + sector - 1) // sector * sector, len(content))
    content[first:last] = bytes(last - first)
open("expected.img", "wb").write(content)
END
}
