# A destination that fills up: status 3, nothing under the final name, and room again afterwards.
# How much of a file is kept depends on when the writer was told; full_disk_resumed goes on with it.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "making a small file system needs root"
mkdir small
mount -t tmpfs -o size=4m tmpfs small 2>/dev/null || skip "mount does not work here"
trap 'umount small' EXIT
evidence-custody init small/case --case-number N-1 --title T --officer Lan --quiet >/dev/null
head -c 8M /dev/urandom >big
mkdir tree && cp big tree/
fails() {
    { evidence-acquire --case small/case --quiet "$@" 2>&1 || echo "exit $?"; } |
        sed 's/partial-[A-Za-z0-9]*/partial-*/'
}
fails --item BIG-1 big | sed 's/; hint: .*//'
fails --item BIG-2 tree
fails --item BIG-3 - <big
rm -rf small/case/items/.BIG-1.partial-*
find small/case/items -mindepth 1
printf 'fits' | evidence-acquire --case small/case --item SMALL-1 --quiet -
evidence-custody log --case small/case | awk '{print $3}' | sed '1d;$d'
