# A sealed package that somebody unpacked is a bag, but its signatures are another matter.
mkdir sample
(cd sample && unzip -q "$TESTS"/vectors/sample-v1.asice)
evidence-verify sample
