# A device that does not answer: the read is given up, and the tool ends.
. "$TESTS/bad_disk/setup.bash"
evidence-custody init case --case-number B-1 --title T --officer Lan --quiet >/dev/null
make_disk 1048576
echo '300032 512 hang' >ranges
break_disk 512
status=0
evidence-acquire --case case --item STOP-1 --retries 0 --read-timeout 1 "$device" >said 2>&1 ||
    status=$?
sed "s|$device|DEVICE|" said
echo "exit $status"
break_disk 512
status=0
evidence-acquire --case case --item FILL-1 --retries 0 --read-timeout 1 --on-error fill \
    "$device" >said 2>&1 || status=$?
grep unreadable: said
echo "exit $status"
expected_image 512
cmp expected.img case/items/FILL-1/image.img
