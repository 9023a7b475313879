cp "$TESTS"/vectors/sample-v1.asice sample.asice
evidence-verify sample.asice --trust-anchor "$TESTS"/vectors/sample-ca.crt
