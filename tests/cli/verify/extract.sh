# --extract: original names, times and rights that do no harm, and a line about every name.
mkdir -p tree/folder
echo content >tree/folder/file
ln tree/folder/file tree/again
ln -s /etc/passwd tree/link
printf x >tree/$'odd\n\xff'
chmod 4777 tree/folder/file
touch -d 2001-02-03T04:05:06Z tree/folder/file tree/folder
truncate -s 3M disk.dd
printf end >>disk.dd
evidence-custody identity --name Lan --out-key key --out-cert cert -q >/dev/null
evidence-custody init case --case-number 1 --title T -q >/dev/null
for item in disk.dd tree; do evidence-acquire --case case --item "I-$item" -q "$item"; done
evidence-seal --case case --all --key key --cert cert -q -o sealed.asice
evidence-verify sealed.asice --trust-anchor cert --extract out | grep extracted
(cd out && find . -printf '%y %m %P\n' | LC_ALL=C sort -k3 | cat -v)
cmp disk.dd out/items/I-disk.dd/disk.dd
TZ=UTC stat -c '%y %n' out/items/I-tree/folder out/items/I-tree/folder/file
python3 -c '
import json
for entry in json.load(open("out/extraction.json"))["entries"]:
    name = entry.get("name") or entry.get("name_bytes") or "(object)"
    where = entry.get("reason") or entry.get("path_bytes") or entry["path"]
    print(entry["item"], name, entry["result"], where)'
echo '-- an existing folder is kept'
evidence-verify sealed.asice --trust-anchor cert --extract out || echo "exit $?"
echo '-- damaged: only on request'
offset=$(evidence-verify --json sealed.asice --trust-anchor cert | python3 -c '
import json, sys
print(json.load(sys.stdin)["objects"][0]["offset_in_package_bytes"])')
printf X | dd of=sealed.asice bs=1 seek="$offset" conv=notrunc status=none
evidence-verify sealed.asice --trust-anchor cert -q --extract damaged || echo "exit $?"
ls damaged 2>/dev/null || echo 'nothing there'
evidence-verify sealed.asice --trust-anchor cert -q --extract damaged --intact-only ||
    echo "exit $?"
ls damaged/items
evidence-verify case --extract elsewhere || echo "exit $?"
evidence-verify sealed.asice --intact-only || echo "exit $?"
