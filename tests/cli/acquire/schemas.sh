# Every document of this tool satisfies its schema and is canonical.
"$TESTS/pki/make_pki.sh" pki
signer=(--key pki/good-ec.key --cert pki/good-ec.pem)
evidence-custody init case --case-number 1 --title T --officer A --quiet >/dev/null
head -c 2500000 /dev/zero >zeros
mkdir tree && ln -s x tree/$'\xff' && : >tree/f
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/s")'
evidence-acquire --case case --item F-1 --json --digest md5,sha3-256,blake2b512 "${signer[@]}" \
    --description D --note N --write-blocker W --place P --authority A --source-clock-offset -5 \
    zeros >1.json
evidence-acquire --case case --item T-1 --json --no-read-back "${signer[@]}" tree >2.json || true
evidence-acquire --case case --item S-1 --json "${signer[@]}" - <zeros >3.json
mkdir second # on the same disk, which is a warning
evidence-acquire --case case --item P-1 --json --split 1MiB --also second "${signer[@]}" \
    zeros >4.json 2>/dev/null
head -c 1048576 zeros >disk
evidence-acquire --case case --item E-1 --json --format e01 "${signer[@]}" disk >5.json
evidence-acquire --case case --item E-2 --json "${signer[@]}" case/items/E-1/image.E01 >6.json
evidence-acquire --case case --item F-1 --json "${signer[@]}" zeros 2>error.json || true
python3 -W ignore - "$TESTS/../schemas" <<'END'
import json, pathlib, sys, jsonschema
folder = pathlib.Path(sys.argv[1]).resolve()
def check(schema_name, text):
    schema = json.loads((folder / f"{schema_name}.schema.json").read_text())
    resolver = jsonschema.RefResolver(f"{folder.as_uri()}/", schema)
    document = json.loads(text)
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(document)
    again = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again == text.rstrip("\n"), f"{schema_name}: not canonical"
    print(schema_name)
for number in (1, 2, 3, 4, 5, 6):
    check("acquire-result", open(f"{number}.json").read())
for item in ("F-1", "T-1", "S-1", "P-1", "E-1", "E-2"):
    check("acquisition", open(f"case/items/{item}/acquisition.json").read())
for line in open("case/items/T-1/index.jsonl"):
    check("index-line", line)
for line in open("case/items/T-1/omitted.jsonl"):
    check("omitted-line", line)
check("error", open("error.json").read())
END
