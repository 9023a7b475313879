unzip -q -p "$TESTS"/vectors/sample-v1.asice META-INF/signature001.p7s >offer.p7s
evidence-verify offer.p7s
