# Messages that nobody reads change no answer; closed streams are never replaced by the files read.
printf a >file
status=0; evidence-hash missing 2>&- || status=$?; echo "$status"
status=0; evidence-hash missing 2>/dev/full || status=$?; echo "$status"
status=0; evidence-hash --no-such-option 2>&- || status=$?; echo "$status"
status=0; evidence-hash file >&- 2>message || status=$?; echo "$status $(cat message)"
status=0; evidence-hash --help >/dev/full 2>message || status=$?; echo "$status $(cat message)"
status=0; evidence-hash - <&- 2>message || status=$?; echo "$status $(cat message)"
evidence-hash file <&- 2>&-
