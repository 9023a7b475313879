evidence-verify "$TESTS"/vectors/sample-v1.asice --lang tlh
