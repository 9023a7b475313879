cp "$TESTS"/vectors/sample-v1.asice sample.asice
# One byte in the second piece of the image.
printf '!' | dd of=sample.asice bs=1 seek=1600000 conv=notrunc status=none
evidence-verify sample.asice --trust-anchor "$TESTS"/vectors/sample-ca.crt
