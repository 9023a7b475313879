cp "$TESTS"/vectors/sample-v1.asice sample.asice
evidence-verify sample.asice
