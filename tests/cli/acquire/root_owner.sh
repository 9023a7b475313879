# Root acquires into the case of an officer: the item is the officer's, who seals it without root.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "needs root"
command -v setpriv >/dev/null || skip "no setpriv"
chmod 755 .. .
officer=(setpriv --reuid=12345 --regid=12346 --clear-groups)
mkdir home
chown 12345:12346 home
cd home
"${officer[@]}" evidence-custody init case --case-number R-1 --title T --officer Lan \
    --quiet >/dev/null
"${officer[@]}" evidence-custody identity --name Officer --out-key key --out-cert cert >/dev/null
head -c 3000320 /dev/urandom >disk
device=$(losetup --find --show --read-only disk 2>/dev/null) || skip "losetup does not work here"
trap 'losetup --detach "$device"' EXIT
rmdir case/items 2>/dev/null || true
evidence-acquire --case case --item DISK-1 --quiet "$device"
mkdir tree && echo x >tree/f
evidence-acquire --case case --item TREE-1 --quiet tree
find case \( -not -uid 12345 -or -not -gid 12346 \) -printf 'not the officer: %p\n'
find case/items -printf '%m %P\n' | sort -k 2
"${officer[@]}" evidence-seal --case case --item DISK-1 --item TREE-1 --key key --cert cert \
    --quiet -o sealed.asice
"${officer[@]}" evidence-verify case | grep -c FAILED || true

echo '-- what is kept of one that was cut off is the officer'"'"'s too'
head -c 64M /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
    -iv "$(printf '%032d' 0)" >large
(
    ulimit -f 40960 # KiB
    evidence-acquire --case case --item LARGE-1 --quiet large 2>/dev/null || echo "exit $?"
)
find case \( -not -uid 12345 -or -not -gid 12346 \) -printf 'not the officer: %p\n'
"${officer[@]}" evidence-acquire --case case --item LARGE-1 --resume --quiet large
cmp large case/items/LARGE-1/file.bin

echo '-- who may read a device, when the officer may not'
chown root:disk "$device"
chmod 660 "$device"
"${officer[@]}" evidence-acquire --case case --item DISK-2 "$device" 2>&1 |
    sed "s|$device|DEVICE|" || true

echo '-- links of the officer lead root nowhere'
mkdir foreign && echo secret >foreign/key && chmod 700 foreign
chown 0:0 foreign foreign/key
mv case/items kept-items && "${officer[@]}" ln -s ../foreign case/items
evidence-acquire --case case --item DISK-3 --quiet tree/f 2>&1 | sed "s|$PWD|HERE|g" || true
find foreign \( -not -uid 0 -or -not -gid 0 \) -printf 'not root: %p\n'
ls -A foreign
rm case/items && mv kept-items case/items
evidence-custody init roots-case --case-number R-2 --title T --officer Lan --quiet >/dev/null
"${officer[@]}" mkdir second
evidence-acquire --case roots-case --item F-1 --also second --quiet tree/f 2>&1 || echo "exit $?"
