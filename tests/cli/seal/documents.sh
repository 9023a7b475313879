# The documents of a package and the --json result keep their schemas.
. "$TESTS/cli/seal/small_case.bash"
printf '{ "urgent": true, "authority": "B\u1ed9 C\u00f4ng an" }' >request.json
evidence-seal --case case --all "${signer[@]}" --request request.json --json -o out.asice \
    --condition 'use-limit=only for this' --condition 'delete-by=2031-01-01' >result.json
unzip -p out.asice request.json
unzip -q out.asice -d bag
cat >validate.py <<'END'
import json, pathlib, sys, jsonschema
schemas = pathlib.Path(sys.argv[1])
def validate(name, text):
    schema = json.loads((schemas / f"{name}.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(json.loads(text), schema)
bag = pathlib.Path("bag")
validate("seal-result", pathlib.Path("result.json").read_text())
validate("package", (bag / "package.json").read_text())
validate("terms", (bag / "terms.json").read_text())
for line in (bag / "items.jsonl").read_text().splitlines():
    validate("record-line", line)
END
python3 validate.py "$TESTS/../schemas"
wc -l <bag/items.jsonl
grep -o '"conditions":.*"created_at"' bag/terms.json
cmp <(grep -o '"conditions":.*"created_at"' bag/terms.json) \
    <(grep -o '"conditions":.*"created_at"' bag/package.json)
