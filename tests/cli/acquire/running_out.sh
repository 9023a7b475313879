# Room at the destination: what is kept of an earlier acquisition counts, and what will not suffice
# is said long before the disk is full.
skip() { echo "skipped: $*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "mounting needs root"
head -c 60M /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 5)" \
    -iv "$(printf '%032d' 0)" >disk.bin
mkdir mnt
trap 'umount mnt 2>/dev/null || true' EXIT
truncate -s 100M fs.img
mke2fs -q -t ext4 -m 0 fs.img
mount -o loop fs.img mnt 2>/dev/null || skip "loop devices do not work here"
evidence-custody init mnt/case --case-number F-1 --title Full --officer Lan --quiet >/dev/null
available=$(df --output=avail -B1M mnt | tail -n 1)
fallocate -l $(((available - 40) * 1024 * 1024)) mnt/filler
echo '-- 40 MiB for 60: said before the disk is full'
evidence-acquire --case mnt/case --item DISK-1 --progress json disk.bin 2>said || echo "exit $?"
grep -o '"warning":.*\|No space left' said | sed -E 's/[0-9]{7,} bytes free/N bytes free/'
echo '-- a little room is made: with what is kept it is enough'
truncate -s 0 mnt/filler
fallocate -l $(((available - 65) * 1024 * 1024)) mnt/filler
evidence-acquire --case mnt/case --item DISK-1 --resume --quiet disk.bin
python3 - <<'END'
import json
record = json.load(open("mnt/case/items/DISK-1/acquisition.json"))
check = [each for each in record["preflight"] if each["check"] == "free-space"][0]
words = check["detail"].split()
print(check["result"], "less than all of it is needed" if int(words[5]) < 60 << 20 else words,
      "and less is free" if int(words[0]) < 60 << 20 else words)
print([text for text in record.get("warnings", []) if "room" in text or "free" in text])
END
echo '-- of a folder nobody knows how large it will be: said when little is left'
leave() { # MiB
    rm -f mnt/filler
    available=$(df --output=avail -B1M mnt | tail -n 1)
    fallocate -l $(((available - $1) * 1024 * 1024)) mnt/filler
}
said() { grep -o '"warning":.*' said | sed -E 's/[0-9]{7,} bytes free/N bytes free/'; }
mkdir tree
head -c 4M disk.bin >tree/a
leave 8
evidence-acquire --case mnt/case --item TREE-1 --progress json tree >out 2>said || echo "exit $?"
said
echo '-- and of a stream, but not of one that says what is to come'
leave 8
head -c 1M disk.bin | evidence-acquire --case mnt/case --item S-1 --progress json - >out 2>said
said
head -c 1M disk.bin | evidence-acquire --case mnt/case --item S-2 --progress json \
    --expect-size 1MiB - >out 2>said
said || echo 'nothing is said'
