# Image and mapfile as GNU ddrescue really makes them from a disk with bad sectors.
. "$TESTS/bad_disk/setup.bash"
command -v ddrescue >/dev/null || skip "no ddrescue (expected gddrescue)"
evidence-custody init case --case-number M-1 --title T --officer Lan --quiet >/dev/null
make_disk 4194816
printf '%s\n' '0 512 eio' '1048000 1500 eio' '3000320 512 eio' >ranges
break_disk 512
# --idirect: the page cache fails in whole pages, and so would ddrescue.
ddrescue --quiet --idirect "$device" rescued.img rescued.map
expected_image 512
cmp rescued.img expected.img # ddrescue leaves holes where it read nothing
evidence-acquire --case case --item RESCUED-1 --quiet --mapfile rescued.map rescued.img ||
    echo "exit $?"
cmp rescued.img case/items/RESCUED-1/file.bin
grep -o '"map":{[^}]*}' case/items/RESCUED-1/acquisition.json
grep -v '^#' case/items/RESCUED-1/map
echo '-- what our own acquisition of that disk says'
evidence-acquire --case case --item DISK-1 --quiet --on-error fill "$device" || echo "exit $?"
cmp case/items/DISK-1/map case/items/RESCUED-1/map | sed 's/.*differ.*/comments differ/'
diff <(grep -v '^#' case/items/DISK-1/map) <(grep -v '^#' case/items/RESCUED-1/map) && echo same
echo '-- and ddrescue goes on with the map of an item, once the disk reads again'
: >ranges
break_disk 512
cp case/items/DISK-1/image.img again.img
cp case/items/DISK-1/map again.map
ddrescue --quiet --idirect --retry-passes=1 "$device" again.img again.map
cmp again.img disk.bin && echo rescued
echo '-- the end of the disk is unreadable'
echo '4194304 512 eio' >ranges
break_disk 512
rm -f rescued.*
ddrescue --quiet --idirect "$device" rescued.img rescued.map
stat -c %s rescued.img
evidence-acquire --case case --item RESCUED-2 --quiet --mapfile rescued.map rescued.img 2>&1 ||
    echo "exit $?"
truncate -s 4194816 rescued.img
evidence-acquire --case case --item RESCUED-2 --quiet --mapfile rescued.map rescued.img 2>&1 ||
    echo "exit $?"
grep -o '"map":{[^}]*}' case/items/RESCUED-2/acquisition.json
