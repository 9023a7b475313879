# A folder with everything that goes wrong elsewhere; other people's tar programs read the result.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
mkdir -p 'tree/a b/c'
printf 'plain' >'tree/a b/plain'
: >tree/empty
printf 'x' >tree/$'new\nline'
printf 'x' >tree/$'raw \xff'
printf 'x' >tree/'thư'
printf 'x' >tree/$'e\xcc\x81'
truncate -s 3M tree/sparse
ln tree/empty tree/second
ln -s 'a b' tree/link
mkfifo tree/fifo
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/socket")'
evidence-acquire --case case --item TREE-1 tree >out 2>err || echo "exit $?"
sed -E 's/[0-9a-f]{64}/DIGEST/; s/ [0-9]+ bytes/ N bytes/' out
cat err
cd case/items/TREE-1
cat omitted.jsonl

echo '-- GNU tar'
tar --list --file tree.tar --quoting-style=escape 2>/dev/null
mkdir ../../../gnu
tar --extract --warning=no-unknown-keyword --file tree.tar -C ../../../gnu 2>&1
diff -r --no-dereference ../../../tree/'a b' ../../../gnu/'a b'
cmp ../../../tree/sparse ../../../gnu/sparse
echo '-- python, and the index cuts out what python extracts'
python3 - <<'END'
import hashlib, json, tarfile
tar = tarfile.open("tree.tar")
members = tar.getmembers()
lines = [json.loads(line) for line in open("index.jsonl")]
assert len(members) == len(lines)
whole = open("tree.tar", "rb").read()
for member, line in zip(members, lines):
    record, at = line["record"], line["at"]
    name = bytes.fromhex(record["name_bytes"]) if "name_bytes" in record else \
        record["name"].encode()
    assert member.name.encode("utf-8", "surrogateescape") == name, (member.name, name)
    assert member.offset_data == at["offset_bytes"] if record["type"] == "file" else not at
    if record["type"] == "file":
        cut = whole[at["offset_bytes"]:at["offset_bytes"] + record["size_bytes"]]
        assert cut == tar.extractfile(member).read()
        assert hashlib.sha256(cut).hexdigest() == record["digests"]["sha256"]
    print(record["type"], repr(name), record.get("target", ""))
END
