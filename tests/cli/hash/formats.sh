# The forms that lists are written in; each is read again by --check.
mkdir t
printf abc >t/abc
printf abc >"t/two
lines"
printf abc >t/%0A
for form in sha256sum bsd bagit hashdeep jsonl dfxml mtree; do
    echo "-- $form"
    evidence-hash -r --format "$form" t >list || echo "exit $?"
    sed -E 's/evidence-hash [0-9.]+/evidence-hash VERSION/; s/<version>[^<]*/<version>VERSION/' list
    evidence-hash --check list --list-format "$form" || echo "exit $?"
done
echo '-- several algorithms'
evidence-hash -a md5,sha256 --format hashdeep t/abc | grep -v '^##'
evidence-hash -a sha384,sha512 --format mtree t/abc | wc -l
evidence-hash -a md5,sha256 --format jsonl t/abc | evidence-hash --check -
echo '-- what a form cannot say'
evidence-hash -a sha512 --format hashdeep t/abc || echo "exit $?"
evidence-hash -a md5,sha1 --format bagit t/abc || echo "exit $?"
evidence-hash -0 --format jsonl t/abc || echo "exit $?"
xmllint --noout <(evidence-hash --format dfxml t/abc t/%0A)
