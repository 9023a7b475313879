# A destination that is full, at several points: what is there is kept, and gone on with once there
# is room.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "mounting needs root"
head -c 60M /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 5)" \
    -iv "$(printf '%032d' 0)" >disk.bin
mkdir mnt
trap 'umount mnt 2>/dev/null || true' EXIT
for room in 5 20 40 57; do
    rm -f fs.img
    truncate -s 100M fs.img
    mke2fs -q -t ext4 -m 0 fs.img
    mount -o loop fs.img mnt 2>/dev/null || skip "loop devices do not work here"
    evidence-custody init mnt/case --case-number F-1 --title Full --officer Lan --quiet >/dev/null
    available=$(df --output=avail -B1M mnt | tail -n 1)
    fallocate -l $(((available - room) * 1024 * 1024)) mnt/filler
    status=0
    evidence-acquire --case mnt/case --item DISK-1 --quiet disk.bin >out 2>&1 || status=$?
    grep -o 'No space left on device.*' out | sed -E 's/[0-9]+ bytes are kept/N bytes are kept/'
    echo "$room MiB of room: exit $status"
    [ ! -e mnt/case/items/DISK-1 ]
    rm mnt/filler
    how=''
    ls mnt/case/items/.DISK-1.partial-*/resume.json >/dev/null 2>&1 && how=--resume
    evidence-acquire --case mnt/case --item DISK-1 --quiet $how disk.bin 2>&1
    echo "then: ${how:-anew}"
    cmp disk.bin mnt/case/items/DISK-1/file.bin
    evidence-verify mnt/case 2>&1 | grep -E 'FAILED|failed' || true
    umount mnt
done
