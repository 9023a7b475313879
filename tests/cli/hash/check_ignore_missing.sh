# --ignore-missing passes over what is not there, but not over everything.
printf a >good
sha256sum good >list
sed 's/good/missing/' list >only_missing
cat only_missing >>list
evidence-hash -c list --ignore-missing
evidence-hash -c only_missing --ignore-missing
