# A file becomes an item: the copy, its digests, its record, its event.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
printf 'evidence' >letter.txt
evidence-acquire --case case --item LETTER-01 --digest md5,sha1 --description 'a letter' letter.txt
cmp letter.txt case/items/LETTER-01/file.bin
(cd case/items/LETTER-01 && find . -printf '%m %p\n' | sort -k2)
python3 - case <<'END'
import hashlib, json, sys
record = open("case/items/LETTER-01/acquisition.json").read()
document = json.loads(record)
print(document["description"], document["method"], document["size_bytes"], document["read_back"])
print("sha256 as recorded:",
      document["digests"]["sha256"] == hashlib.sha256(b"evidence").hexdigest())
import subprocess
events = json.loads(subprocess.run(["evidence-custody", "log", "--case", "case", "--json"],
                                   capture_output=True, check=True).stdout)["events"]
event = events[-1]["event"]
print(event["type"], event["items"], sorted(event["digests_after"]["LETTER-01"]))
print("record as in the event:",
      event["detail"]["acquisition_sha256"] == hashlib.sha256(record.encode()).hexdigest())
END

echo '-- quiet, and without an id'
evidence-acquire --case case --quiet letter.txt
ls case/items
echo '-- from inside the case'
cd case && evidence-acquire --quiet ../letter.txt && ls items
