# Time-stamps are believed by anchors of their own when some are given.
cp "$TESTS"/vectors/sample-v1.asice sample.asice
trust=(--trust-anchor "$TESTS/vectors/sample-ca.crt")
evidence-custody identity --name Other --out-key other.key --out-cert other.pem >/dev/null 2>&1
attempt() {
    echo "-- $*" | sed "s#$TESTS/##g"
    evidence-verify sample.asice "$@" | grep -E '^(TOTAL|INDET|  time|[a-z]+: timestamp)' || true
}
attempt "${trust[@]}" --tsa-anchor other.pem
attempt "${trust[@]}" --tsa-anchor other.pem --tsa-anchor "$TESTS/vectors/sample-ca.crt"
attempt --trust-anchor other.pem --tsa-anchor "$TESTS/vectors/sample-ca.crt"
attempt "${trust[@]}" --require timestamp --verbose
echo '-- in the document'
evidence-verify sample.asice "${trust[@]}" --json | python3 -c '
import json, sys
report = json.load(sys.stdin)
print(report["package"]["proven_time"])
for token in report["time_stamps"]:
    del token["tsa"]["certificate_sha256"]
    print(token)'
echo '-- required of a case, which has none'
evidence-custody --quiet init case --case-number V-1 --title Trial --officer Tester >/dev/null 2>&1
attempt() {
    evidence-verify "$@" | grep timestamp
}
attempt case --require timestamp
evidence-verify case --require signers,timestamp || echo "exit $?"
evidence-verify sample.asice --tsa-anchor nowhere.pem || echo "exit $?"
