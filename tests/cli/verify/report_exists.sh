# Nothing is overwritten, and that is known before the work.
echo kept >report.html
evidence-verify "$TESTS"/vectors/sample-v1.asice --report report.html || status=$?
cat report.html
exit "$status"
