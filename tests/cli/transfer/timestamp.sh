# Statements with time-stamps over their signatures, checked by the stock command and by us.
. "$TESTS/cli/seal/tsa.bash"
. "$TESTS/cli/transfer/setup.bash"
rm -rf case
seal_package
stamped=(--timestamp "$tsa/" --tsa-anchor pki/root.pem)
evidence-transfer send package.asice "${to[@]}" "${sender[@]}" --case case -q "${stamped[@]}" >sent
transfer=$(cat sent)
evidence-transfer receive "$transfer" "${recipient[@]}" "${trust[@]}" --case other -q \
    -o received.asice --timestamp "$tsa/" >/dev/null
evidence-transfer close "$transfer" --receipt "$transfer/receipt.json" "${sender[@]}" --case case \
    -q "${stamped[@]}" "${trust[@]}" >/dev/null
for statement in offer receipt close; do
    openssl ts -verify -data "$transfer/$statement.p7s" -in "$transfer/$statement.tst" -token_in \
        -CAfile pki/root.pem -untrusted pki/intermediate.pem 2>&1 | grep -v ^Using
done
find case/transfers other/transfers -name '*.tst' -printf '%f\n' | sort
verify() {
    try evidence-verify "$@" "${trust[@]}" |
        grep -e '^TOTAL' -e '^INDET' -e time-\\?stamp -e '^exit' |
        sed "s#$(basename "$transfer")#ID#g"
}
verify "$transfer" -v --require timestamp
verify case -v
echo '-- one that is missing, of somebody else, over something else'
mv "$transfer/close.tst" kept
verify "$transfer" --require timestamp
cp "$transfer/offer.tst" "$transfer/close.tst"
verify "$transfer"
cp kept "$transfer/close.tst"
try evidence-verify "$transfer" "${trust[@]}" --tsa-anchor pki/other-root.pem |
    grep -e '^INDET' -e timestamp
truncate -s 100 "$transfer/close.tst"
verify "$transfer"
truncate -s 100 case/transfers/*/offer.tst
verify case
echo '-- an authority that does not answer leaves nothing behind'
try evidence-transfer send package.asice "${to[@]}" "${sender[@]}" --case case \
    --timestamp "$tsa/broken" | unported
ls channel | wc -l
try evidence-transfer close "$transfer" --timestamp "$tsa/" "${recipient[@]:0:6}" --case other |
    unported
echo '-- a statement by itself'
verify "$transfer/receipt.json" --require timestamp -v
verify "$transfer/close.json"
mkdir alone
cp "$transfer"/receipt.{json,p7s} alone
verify alone/receipt.json --require timestamp
sed 's/"at":"2/"at":"3/' "$transfer/receipt.json" >alone/receipt.json
try evidence-verify alone/receipt.json "${trust[@]}" | head -1
cp "$transfer/offer.json" alone/offer.json
cp "$transfer/close.p7s" alone/offer.p7s
try evidence-verify alone/offer.json "${trust[@]}" | grep failed
