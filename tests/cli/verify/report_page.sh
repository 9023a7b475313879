# The page is an addition: output and exit status stay, and the file is whole.
cp "$TESTS"/vectors/sample-v1.asice sample.asice
evidence-verify sample.asice --trust-anchor "$TESTS"/vectors/sample-ca.crt --report report.html
head -n 3 report.html
tail -n 1 report.html
grep -o '<h[12][^>]*>[^<]*' report.html
ls
