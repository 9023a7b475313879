# Trust anchors add up; one that does not fit does no harm.
cp "$TESTS"/vectors/sample-v1.asice sample.asice
evidence-custody identity --name Other --out-key other.key --out-cert other.pem >/dev/null 2>&1
evidence-verify --quiet --trust-anchor other.pem \
    --trust-anchor "$TESTS"/vectors/sample-ca.crt sample.asice
