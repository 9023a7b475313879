# The commands of evidence-ledger(5) that check an event's signature, one per algorithm.
"$TESTS/pki/make_pki.sh" pki
evidence-custody init case --case-number 1 --title T --officer A --quiet
for name in good-ec good-ec384 good-rsa ed25519; do
    evidence-custody record --case case --type incident --reason "Đã ký: $name" --quiet \
        --key pki/$name.key --cert pki/$name.pem
done
evidence-custody export --case case --format jsonl -o ledger.jsonl

take() { # NUMBER NAME: the event, its signature, the public key of its signer
    sed -n "$1p" ledger.jsonl >line
    sed 's/^{"event":\(.*\),"link":"[0-9a-f]*","signature":.*$/\1/' line | tr -d '\n' >event
    sed 's/.*,"signature":"\([^"]*\)".*/\1/' line | base64 -d >signature
    sed 's/.*,"signer":"\([^"]*\)".*/\1/' line >signer
    openssl x509 -in "pki/$2.pem" -outform DER | sha256sum | cut -c1-64 | cmp - signer
    openssl x509 -in "pki/$2.pem" -noout -pubkey >public.pem
    (printf 'evidence-event/1\n'; cat event) >message
    grep -o '"algorithm":"[^"]*"' event
}
check_all() {
    take 2 good-ec
    openssl dgst -sha256 -verify public.pem -signature signature message || true
    take 3 good-ec384
    openssl dgst -sha384 -verify public.pem -signature signature message || true
    take 4 good-rsa
    openssl dgst -sha256 -verify public.pem -signature signature -sigopt rsa_padding_mode:pss \
        -sigopt rsa_pss_saltlen:32 message || true
    take 5 ed25519
    openssl pkeyutl -verify -pubin -inkey public.pem -rawin -sigfile signature -in message || true
}
check_all
echo '-- and after a change'
sed -i 's/Đã ký/Đã kỳ/' ledger.jsonl
check_all 2>&1 | grep -i -c failure
