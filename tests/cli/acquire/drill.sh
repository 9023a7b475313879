# Drills: the steps in plain words, a record to keep, and an exit status; nothing is left behind.
mkdir scratch
export TMPDIR=$PWD/scratch
for name in bad-sectors short-read full-disk kill; do
    evidence-acquire --drill "$name" || echo "exit $?"
done
ls -A scratch
echo '-- the record, canonical and the same on standard output and in the file'
evidence-acquire --drill bad-sectors --json -o drill.json >out
cmp out drill.json && echo same
python3 - <<'END'
import json
text = open("drill.json").read()
record = json.loads(text)
again = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
print(record["format"], record["drill"], record["passed"], again == text)
print([each["check"] for each in record["machine"]], record["tool"]["name"])
print(record["started_at"] <= record["completed_at"])
END
echo '-- nothing is overwritten, no room, no scratch folder'
evidence-acquire --drill short-read --quiet -o drill.json || echo "exit $?"
(
    ulimit -f 4096 # KiB: not even the disk can be made
    evidence-acquire --drill short-read --quiet || echo "exit $?"
) 2>&1 | sed 's/drill-[A-Za-z0-9]*/drill-*/; s|'"$PWD"'|HERE|'
ls -A scratch
TMPDIR=/nowhere evidence-acquire --drill kill || echo "exit $?"
echo '-- what does not go together'
evidence-acquire --drill kill drill.json || echo "exit $?"
evidence-acquire --drill earthquake || echo "exit $?"
evidence-acquire -o x drill.json || echo "exit $?"
