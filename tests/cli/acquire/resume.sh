# An acquisition that ended before its time is gone on with, or it is said why not.
evidence-custody init case --case-number R-1 --title Resumed --officer Lan --quiet >/dev/null
make() { # BYTES SEED
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' "$2")" \
        -iv "$(printf '%032d' 0)"
}
make 200M 5 >disk.bin
cp -p disk.bin kept.bin
# stop_half_way ITEM: ^C once something could be gone on with.
stop_half_way() {
    local status=0
    evidence-acquire --case case --item "$1" --digest md5 --quiet disk.bin 2>said &
    local process=$!
    until ls case/items/."$1".partial-*/resume.json >/dev/null 2>&1; do :; done
    kill -INT $process
    wait $process || status=$?
    sed 's/[0-9]* bytes/N bytes/' said
    echo "exit $status"
}
try() {
    local status=0
    "$@" >out 2>&1 || status=$?
    sed -E 's|/[^ ]*/work/|HERE/|g; s/partial-[A-Za-z0-9]{6}/partial-XXXXXX/g; s/byte [0-9]+/byte N/
        s/piece [0-9]+/piece N/; s/[0-9a-f]{64}/DIGEST/g; s/inode [0-9]+ [^)]*/inode N (other/
        s/[0-9-]+T[0-9:.]+Z/TIME/g; s/last link.*/last link/' out
    echo "exit $status"
}
resume() { try evidence-acquire --case case --item "$1" --digest md5 --quiet --resume disk.bin; }

echo '-- ^C, and on'
stop_half_way DISK-1
resume DISK-1
cmp disk.bin case/items/DISK-1/file.bin
[ "$(md5sum <disk.bin | cut -c1-32)" = \
    "$(grep -o '"md5":"[^"]*' case/items/DISK-1/acquisition.json | cut -c8-)" ] && echo 'md5 too'
ls case/items/DISK-1
echo '-- nothing to resume'
resume DISK-1
resume DISK-2
try evidence-acquire --case case --resume disk.bin
try evidence-acquire --case case --resume --item TREE-1 /usr/share/doc
try evidence-acquire --case case --resume --item PIPE-1 - <disk.bin

stop_half_way DISK-3 >/dev/null
left=$(echo case/items/.DISK-3.partial-*)
echo '-- another source'
touch disk.bin
resume DISK-3
make 100M 5 >disk.bin
resume DISK-3
make 200M 6 >disk.bin
resume DISK-3
mv disk.bin other.bin
cp -p kept.bin disk.bin
resume DISK-3
python3 - "$left/resume.json" <<'END'
# The copy has another inode and change time: it is to pass for the same file.
import datetime, json, os, sys
state = json.load(open(sys.argv[1]))
status = os.stat("disk.bin")
seconds, nanoseconds = divmod(status.st_ctime_ns, 10**9)
day = datetime.datetime.utcfromtimestamp(seconds).isoformat()
state["source"].update(inode=status.st_ino, ctime=f"{day}.{nanoseconds:09}Z")
open(sys.argv[1], "w").write(json.dumps(state, sort_keys=True, separators=(",", ":")) + "\n")
END
echo '-- another option'
try evidence-acquire --case case --item DISK-3 --digest sha1 --quiet --resume disk.bin
echo '-- a state that is not in its form'
cp "$left/resume.json" good.json
for change in 's/"position_bytes":[0-9]*/"position_bytes":5/' \
    's/"position_bytes":[0-9]*/"position_bytes":1048576000000/' 's/"item"/"items"/' 's/}$/,/' \
    's/"bad_ranges":\[\]/"bad_ranges":[[0,999999999999,5]]/' 's/DISK-3/DISK-4/'; do
    sed "$change" good.json >"$left/resume.json"
    resume DISK-3
done
cp good.json "$left/resume.json"
echo '-- a prefix that changed, and one that is short'
printf 'not what was read' | dd of="$left/file.bin" bs=1 seek=3000000 conv=notrunc status=none
resume DISK-3
cp --sparse=never kept.bin "$left/file.bin"
mv "$left/pieces.txt.before" pieces.txt
head -n 3 pieces.txt >"$left/pieces.txt"
resume DISK-3
cp pieces.txt "$left/pieces.txt"
truncate -s 1M "$left/file.bin"
resume DISK-3
cp --sparse=never kept.bin "$left/file.bin"
rm -f "$left/pieces.txt.before"
cp pieces.txt "$left/pieces.txt"
echo '-- somebody else is at it'
exec 9<"$left"
flock 9
resume DISK-3
exec 9<&-
echo '-- and now on'
resume DISK-3
cmp kept.bin case/items/DISK-3/file.bin
echo '-- a beginning that somebody else wrote, with piece digests that fit'
stop_half_way DISK-5 >/dev/null
left=$(echo case/items/.DISK-5.partial-*)
position=$(grep -o '"position_bytes":[0-9]*' "$left/resume.json" | head -1 | cut -d: -f2)
make "$position" 9 >forged.bin
cp forged.bin "$left/file.bin"
rm -f "$left/pieces.txt.before"
split -b 1M --filter=sha256sum forged.bin | cut -c1-64 >"$left/pieces.txt"
resume DISK-5
evidence-verify case | grep -c 'acquisition.resumed'
evidence-custody log --case case --json | grep -o '"resumable_bytes":' | sort | uniq -c
