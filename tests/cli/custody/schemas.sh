# Every JSON document of this tool satisfies its schema.
"$TESTS/pki/make_pki.sh" pki
signer=(--key pki/good-ec.key --cert pki/good-ec.pem)
evidence-custody init case --case-number 1 --title T --officer A --country VN --quiet --json >0.log
evidence-custody record --case case --type move --to B --at 2024-01-01T00:00:00Z --json \
    "${signer[@]}" >1.log
evidence-custody checkpoint --case case "${signer[@]}" --json >2.log
evidence-custody log --case case --json >3.log
evidence-custody identity --name A --out-key k --out-cert c --json >identity
evidence-custody export --case case --format jsonl -o ledger.jsonl
evidence-custody record --case case --type mov --json 2>error && echo "accepted"
tail -n 1 error >error.json
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
check("case", open("case/case.json").read())
check("identity", open("identity").read())
check("error", open("error.json").read())
for number in range(4):
    check("custody-log", open(f"{number}.log").read())
for line in open("ledger.jsonl"):
    check("ledger-line", line)
    check("event", json.dumps(json.loads(line)["event"], sort_keys=True, separators=(",", ":"),
                              ensure_ascii=False))
vectors = folder.parent / "tests/vectors/sample-v1-custody"
for line in open(vectors / "ledger.jsonl"):
    check("ledger-line", line)
assert json.load(open("3.log"))["ledger"]["size"] == 3
END
