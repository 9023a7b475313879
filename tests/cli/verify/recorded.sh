# The outcome as an event of a case: what could prevent it is found before the verification.
evidence-custody init case --case-number 1 --title T --officer Lan -q >/dev/null
package=$TESTS/vectors/sample-v1.asice
trust=(--trust-anchor "$TESTS/vectors/sample-ca.crt")
(head -c 3000 "$package"; printf X; tail -c +3002 "$package") >damaged.asice
attempt() {
    status=0
    evidence-verify "$@" >report 2>message || status=$?
    echo "exit $status, $(wc -l <report) lines reported, $(cut -d'(' -f1 message)"
}
"$TESTS/pki/make_pki.sh" pki
echo '-- refused before a verdict'
attempt damaged.asice "${trust[@]}" --case nowhere
attempt damaged.asice "${trust[@]}" --case case --key pki/good-rsa.key --cert pki/good-ec.pem
attempt damaged.asice "${trust[@]}" --case case --key pki/expired.key --cert pki/expired.pem
attempt damaged.asice "${trust[@]}" --case case --reason $'two\twords'
attempt case --case case
attempt absent --case case
echo '-- recorded'
attempt damaged.asice -q "${trust[@]}" --case case
attempt "$package" -q "${trust[@]}" --case case
evidence-custody export --case case --format jsonl | python3 -c '
import hashlib, json, sys
for line in sys.stdin:
    event = json.loads(line)["event"]
    if event["type"].startswith("verify"):
        name = {"verify_ok": sys.argv[1], "verify_failed": "damaged.asice"}[event["type"]]
        digest = hashlib.sha256(open(name, "rb").read()).hexdigest()
        print(event["type"], event["detail"]["verdict"], event["detail"]["target_sha256"] == digest)
' "$package"
