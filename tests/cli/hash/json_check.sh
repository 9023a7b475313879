printf a >good
printf b >bad
sha256sum good bad good >list
sed -i '3s/good/missing/' list
echo junk >>list
printf B >bad
evidence-hash --json -c list
