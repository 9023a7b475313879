# What was sealed, moved and corrected together can later be sealed apart: no event about the items
# given is hidden, none about the others is shown.
"$TESTS/pki/make_pki.sh" pki
signer=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/chain.pem)
evidence-custody init case --case-number 1 --title T --quiet "${signer[@]}"
for item in A B C; do
    echo "$item" >"$item.txt"
    evidence-acquire --case case --item $item --quiet "$item.txt" "${signer[@]}" >/dev/null
done
evidence-seal --case case --all --quiet "${signer[@]}" -o all.asice >/dev/null
evidence-custody record --case case --type move --item A --item B --quiet "${signer[@]}"
evidence-custody record --case case --type correction --corrects 7 --item B --quiet "${signer[@]}"
evidence-seal --case case --item A --quiet "${signer[@]}" -o a.asice >/dev/null
evidence-seal --case case --item C --item B --quiet "${signer[@]}" -o bc.asice >/dev/null
for package in all a bc; do
    evidence-verify $package.asice --trust-anchor pki/root.pem | grep -E '^TOTAL|custody'
    unzip -p $package.asice custody/ledger.jsonl | grep -o '"items":\[[^]]*\]' | sort | uniq -c
done
