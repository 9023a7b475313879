# A destination whose file system has no device of its own still lies on the source disk.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
truncate -s 16M fs.img
mke2fs -q -t ext4 fs.img
device=$(losetup --find --show fs.img 2>/dev/null) || skip "losetup does not work here"
mkdir mnt lower merged
blockdev --setrw "$device"  # the flag of whoever had this device before may have stayed
trap 'umount merged mnt 2>/dev/null; losetup --detach "$device"' EXIT
mount "$device" mnt
mkdir mnt/upper mnt/work
mount -t overlay overlay -o lowerdir=lower,upperdir=mnt/upper,workdir=mnt/work merged 2>/dev/null ||
    skip "overlay file systems do not work here"
evidence-custody init merged/case --case-number N-1 --title T --officer Lan --quiet >/dev/null
evidence-acquire --case merged/case --item DISK-1 "$device" 2>&1 |
    sed "s|(both are on .*)|(both)|" || true
ls merged/case/items
