# What others hold about a case shows that it was rolled back, and only that does.
"$TESTS/pki/make_pki.sh" pki
sign=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/intermediate.pem)
trust=(--trust-anchor pki/root.pem)
evidence-custody init case --case-number 1 --title T --officer Lan -q "${sign[@]}" >/dev/null
echo note >note.txt
evidence-acquire --case case --item N-1 -q "${sign[@]}" note.txt
evidence-seal --case case --all -q "${sign[@]}" -o first.asice
cp -r case rolled-back
evidence-custody record --case case -q "${sign[@]}" --type label --item N-1 >/dev/null
evidence-seal --case case --all -q "${sign[@]}" -o second.asice
evidence-custody checkpoint --case case -q "${sign[@]}" -o head
# The codes about heads and packages, each with the file it is about.
about_heads() {
    status=0
    evidence-verify "${trust[@]}" --json "$@" >report || status=$?
    python3 -c '
import json
report = json.load(open("report"))
for found in report["findings"]:
    if found["layer"] == "outside-heads" or found["code"].startswith("package.previous"):
        print(" ", found["weight"], found["code"], found["where"])
print(" ", report["verdict"], report["layers"]["outside-heads"])'
    echo "  exit $status"
}
echo 'nothing to compare with:'
about_heads rolled-back
echo 'asked for:'
about_heads rolled-back --require outside-head
echo 'the head:'
about_heads case --head head
about_heads rolled-back --head head
echo 'packages:'
about_heads second.asice --head first.asice --require outside-head
about_heads first.asice --head second.asice
about_heads first.asice --head head
about_heads rolled-back --head second.asice
echo 'the head by itself:'
about_heads head
rm head.p7s
about_heads case --head head
about_heads head
echo 'no head:'
evidence-verify first.asice --head note.txt
