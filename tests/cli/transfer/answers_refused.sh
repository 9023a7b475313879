# The sender takes only an answer to exactly this offer, from somebody it knows.
. "$TESTS/cli/transfer/setup.bash"
seal_package
send_case() {
    transfer=$(evidence-transfer send package.asice "${to[@]}" -q --case case "${sender[@]}")
    evidence-transfer receive "$transfer" "${recipient[@]}" "${trust[@]}" -q -o "$1" >/dev/null
}
send_case first.asice
first=$transfer
send_case second.asice
second=$transfer
close() { # RECEIPT [OPTION...]
    try evidence-transfer close "$first" --receipt "$@" --case case "${sender[@]}"
}
echo "== a receipt for another transfer"
close "$second/receipt.json" "${trust[@]}"
echo "== a receipt that was edited"
mkdir edited
cp "$first"/receipt.* edited
sed -i 's/TOTAL-PASSED/INDETERMINATE/' edited/receipt.json
close edited/receipt.json "${trust[@]}"
echo "== a receipt without its signature"
rm edited/receipt.p7s
close edited/receipt.json "${trust[@]}"
echo "== an offer for a receipt"
close "$first/offer.json" "${trust[@]}"
echo "== no trust in its signer, who is no recipient of the offer"
close "$first/receipt.json"
close "$first/receipt.json" --trust-anchor pki/other-root.pem
echo "== the right one"
close "$first/receipt.json" "${trust[@]}"
echo "== a transfer the case does not know"
try evidence-transfer close 0f0e0d0c-0b0a-4908-8706-050403020100 --receipt "$first/receipt.json" \
    --case case "${sender[@]}"
try evidence-transfer close "$first" --receipt "$first/receipt.json" --case other "${sender[@]}"
