# A checkpoint and its signature, checked with stock tools.
"$TESTS/pki/make_pki.sh" pki
signer=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/chain.pem)
evidence-custody init case --case-number 1 --title T "${signer[@]}" --quiet
evidence-custody record --case case --type incident "${signer[@]}"
evidence-custody checkpoint --case case "${signer[@]}" -o head.txt
stat -c '%a %n' head.txt head.txt.p7s
sed -E '1s/[0-9a-f]{32}/LEDGER/; 3s/.{44}/LINK/' head.txt
openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore -CAfile pki/root.pem \
    -in head.txt.p7s -content head.txt -purpose any -out /dev/null 2>&1
evidence-custody export --case case --format jsonl >ledger.jsonl
link=$(sed -n '2s/.*"link":"\([0-9a-f]*\)".*/\1/p' ledger.jsonl)
sed -n 3p head.txt | base64 -d | od -An -v -tx1 | tr -d ' \n' | grep -qx "$link"
grep -o "\"detail\":{\"link\":\"$link\",\"size\":2}" ledger.jsonl | cut -c1-18

echo '-- nothing is replaced; without a file the text goes to standard output'
evidence-custody checkpoint --case case "${signer[@]}" -o head.txt || echo "exit $?"
touch new.p7s
evidence-custody checkpoint --case case "${signer[@]}" -o new || echo "exit $?"
ls -A | grep new
evidence-custody checkpoint --case case "${signer[@]}" | sed -n 2p
evidence-custody checkpoint --case case --key pki/ed25519.key --cert pki/ed25519.pem ||
    echo "exit $?"

echo '-- what its event could not carry leaves no checkpoint either'
evidence-custody checkpoint --case case "${signer[@]}" -o tab --reason $'two\twords' ||
    echo "exit $?"
evidence-custody checkpoint --case case --key pki/expired.key --cert pki/expired.pem -o old \
    2>message || echo "exit $?: $(cut -d'(' -f1 message)"
ls -A | grep -e tab -e old || true
python3 -c 'import sqlite3
print(*sqlite3.connect("case/custody.db").execute("SELECT count(*) FROM checkpoint").fetchone())'
evidence-custody log --case case | tail -n 1 | cut -c1-41
