# A standard error that is closed, broken or full takes nothing from an acquisition.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
printf one >file
evidence-acquire --case case --item CLOSED-1 file 2>&- | head -1
set +o pipefail
{ sleep 0.3; printf two; } |
    evidence-acquire --case case --item BROKEN-1 --progress json - 2>&1 >/dev/null | true
echo "statuses ${PIPESTATUS[*]}"
evidence-acquire --case case --item FULL-1 --progress json file 2>/dev/full >/dev/null
sha256sum case/items/*/*.bin case/items/*/*.img | cut -c1-8
# No standard input is not an empty one, and no standard output is not a place to write to.
status=0; evidence-acquire --case case --item NONE-1 - <&- 2>message || status=$?
echo "$status: $(cat message)"
status=0; evidence-acquire --case case --item NONE-2 file >&- 2>message || status=$?
echo "$status: $(cat message)"
ls case/items
