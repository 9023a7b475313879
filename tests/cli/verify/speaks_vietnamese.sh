# Every line for people in the reader's language; codes and the term of the verdict stay.
cp "$TESTS"/vectors/sample-v1.asice sample.asice
printf '!' | dd of=sample.asice bs=1 seek=1600000 conv=notrunc status=none
evidence-verify sample.asice --trust-anchor "$TESTS"/vectors/sample-ca.crt --lang vi
