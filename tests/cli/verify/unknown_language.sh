evidence-verify "$TESTS"/vectors/sample-v1.asice --lang tlh 2>said || status=$?
sed "s| in /.*/share/locale,| in PREFIX/share/locale,|" said >&2
exit "$status"
