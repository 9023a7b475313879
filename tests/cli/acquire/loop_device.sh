# A loop device: sizes, sectors, flags, use and destination are looked at before it is read.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "loop devices need root"
head -c 3000320 /dev/urandom >disk
device=$(losetup --find --show --read-only disk 2>/dev/null) || skip "losetup does not work here"
trap 'umount mnt 2>/dev/null; losetup --detach "$device"' EXIT
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
evidence-acquire --case case --item DISK-1 --require-read-only --quiet "$device"
cmp disk case/items/DISK-1/image.img
python3 - <<'END'
import json
document = json.load(open("case/items/DISK-1/acquisition.json"))
print(document["method"], document["size_bytes"], document["source"]["logical_sector"])
for check in document["preflight"]:
    if check["check"] in ("stable-name", "size", "sector-size", "in-use", "read-only"):
        print(check["check"], check["result"], check["detail"])
END

echo '-- writable, mounted, and holding the destination'
losetup --detach "$device"
truncate -s 16M fs.img
mke2fs -q -t ext4 fs.img
device=$(losetup --find --show fs.img)
blockdev --setrw "$device"  # the flag of whoever had this device before may have stayed
evidence-acquire --case case --item DISK-2 --require-read-only "$device" 2>err || echo "exit $?"
evidence-acquire --case case --item DISK-2 --quiet "$device" 2>>err || echo "exit $?"
mkdir mnt
mount "$device" mnt
evidence-acquire --case case --item DISK-3 "$device" >out 2>>err || echo "exit $?"
evidence-custody init mnt/case --case-number N-2 --title T --officer Lan --quiet >/dev/null
evidence-acquire --case mnt/case --item DISK-4 "$device" 2>>err || echo "exit $?"
sed "s|$device|DEVICE|g; s|${device#/dev/}|DEVICE|g; s|$PWD|HERE|g; s|(both are on .*)|(both)|" err
