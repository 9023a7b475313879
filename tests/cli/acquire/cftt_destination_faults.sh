# A destination that takes no more, or fails, is reported as that, with the file; it never looks
# like an acquisition.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "making a small file system needs root"
head -c 40M /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
    -iv "$(printf '%032d' 0)" >disk
mkdir small
mount -t tmpfs -o size=16m tmpfs small 2>/dev/null || skip "mount does not work here"
trap 'umount small' EXIT
evidence-custody init small/case --case-number C-1 --title T --officer Lan --quiet >/dev/null
say() {
    sed -E 's/partial-[A-Za-z0-9]*/partial-*/; s/; hint:.*//; s/[0-9]+ (bytes free|more)/N \1/g'
}
echo '-- too little space: known before, reported as what it is, for a file and a stream'
evidence-acquire --case small/case --item FULL-1 disk 2>&1 | say || true
cat disk |
    { evidence-acquire --case small/case --item FULL-2 --quiet - 2>&1 || echo "exit $?"; } | say
find small/case/items -mindepth 1 -maxdepth 1 -not -name '.*'
echo '-- a write that fails'
evidence-custody init case --case-number C-2 --title T --officer Lan --quiet >/dev/null
(
    ulimit -f 8192 # KiB
    evidence-acquire --case case --item FAIL-1 --quiet disk 2>&1 || echo "exit $?"
) | say
find case/items -mindepth 1 -maxdepth 1 -not -name '.*'
evidence-custody log --case case --json | grep -o '"type":"acquire[a-z_]*"'
