# An acquisition that stopped at a bad sector goes on with zeros in its place, and one that filled
# some before its disk was full still knows which.
. "$TESTS/bad_disk/setup.bash"
evidence-custody init case --case-number B-1 --title T --officer Lan --quiet >/dev/null
make_disk 67108864
printf '%s\n' '5242880 512 eio' '50331648 1024 eio' >ranges
break_disk 512
expected_image 512
check() {
    cmp expected.img "case/items/$1/image.img"
    grep -o '"map":{[^}]*}' "case/items/$1/acquisition.json"
    grep -v '^#' "case/items/$1/map"
    grep -c '"position_bytes"' "case/items/$1/acquisition.json"
}
echo '-- the disk was full after the first'
status=0
(
    ulimit -f 40960 # KiB
    evidence-acquire --case case --item FULL-1 --on-error fill --quiet "$device"
) >said 2>&1 || status=$?
grep -o 'File too large' said
echo "exit $status"
evidence-acquire --case case --item FULL-1 --on-error fill --quiet --resume "$device" ||
    echo "exit $?"
check FULL-1
echo '-- stopped at the second, which the first time was none'
printf '%s\n' '50331648 1024 eio' >ranges
break_disk 512
expected_image 512
evidence-acquire --case case --item STOP-1 --quiet "$device" 2>&1 |
    sed "s|$device|DEVICE|; s/[0-9]* bytes are kept/N bytes are kept/"
evidence-acquire --case case --item STOP-1 --on-error fill --quiet --resume "$device" ||
    echo "exit $?"
check STOP-1
