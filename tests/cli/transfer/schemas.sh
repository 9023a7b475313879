# Every JSON document of this tool satisfies its schema.
. "$TESTS/cli/transfer/setup.bash"
seal_package
evidence-transfer send package.asice "${to[@]}" -q --case case "${sender[@]}" --json >sent.json
transfer=$(echo channel/*)
cp -r "$transfer" refused
evidence-transfer receive "$transfer" "${recipient[@]}" --case other "${trust[@]}" -q --json \
    -o out.asice >received.json
evidence-transfer close "$transfer" --receipt "$transfer/receipt.json" --case case "${trust[@]}" \
    "${sender[@]}" -q --json >closed.json
evidence-transfer receive refused "${recipient[@]}" --refuse not-mine -q --json >refused.json
evidence-transfer status "$transfer" --json >status.json
cmp status.json closed.json
! evidence-transfer status nowhere --json 2>error.json
python3 -W ignore - "$TESTS/../schemas" "$transfer" <<'END'
import json, pathlib, sys, jsonschema
folder, transfer = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
def check(schema_name, path):
    schema = json.loads((folder / f"{schema_name}.schema.json").read_text())
    resolver = jsonschema.RefResolver(f"{folder.as_uri()}/", schema)
    text = pathlib.Path(path).read_text()
    document = json.loads(text)
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(document)
    again = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert again + "\n" == text, f"{path}: not canonical"
    print(schema_name, document.get("stage", ""))
check("offer", transfer / "offer.json")
check("receipt", transfer / "receipt.json")
check("close", transfer / "close.json")
check("refusal", "refused/refusal.json")
for name in ("sent", "received", "closed", "refused"):
    check("transfer-status", f"{name}.json")
check("error", "error.json")
END
