# Revocation lists inside signatures and time-stamps (levels LT and LTA), given and fetched.
. "$TESTS/cli/seal/tsa.bash"
signer=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/chain.pem)
lists=(--crl pki/crl.pem --crl pki/root-crl.pem)
evidence-seal --case case --all "${signer[@]}" -q -o lt.asice "${lists[@]}" --timestamp "$tsa/"
unzip -q lt.asice -d lt
echo '-- the stock command finds them inside'
for n in 1 2; do
    openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore -crl_check_all \
        -CAfile pki/root.pem -in lt/META-INF/signature00$n.p7s \
        -content lt/META-INF/ASiCManifest00$n.xml -out /dev/null 2>&1
done
for n in 3 4; do
    openssl cms -verify -binary -inform DER -no-CApath -no-CAstore -crl_check_all \
        -CAfile pki/root.pem -purpose timestampsign -in lt/META-INF/timestamp00$n.tst \
        -out /dev/null 2>&1
done
echo '-- and so do we'
evidence-verify lt.asice -v --trust-anchor pki/root.pem --trust-anchor ca.pem |
    grep -e '^TOTAL' -e not-revoked | unported
echo '-- into time-stamps that are attached later'
evidence-seal --case case --all "${signer[@]}" -q -o later.asice --timestamp later
mkdir usb
evidence-seal -q --timestamp-query later.asice usb
for n in 3 4; do
    curl -s -o usb/$n.tsr --data-binary @usb/timestamp00$n.tsq \
        -H 'Content-Type: application/timestamp-query' "$tsa/"
done
evidence-seal -q --attach-timestamp later.asice usb/3.tsr usb/4.tsr "${lists[@]}"
unzip -q later.asice -d later
openssl cms -verify -binary -inform DER -no-CApath -no-CAstore -crl_check_all \
    -CAfile pki/root.pem -purpose timestampsign -in later/META-INF/timestamp004.tst \
    -out /dev/null 2>&1
evidence-seal --timestamp-query later.asice usb --crl pki/crl.pem || echo "exit $?"
evidence-seal --record later.asice --fetch-crls || echo "exit $?"
echo '-- a list that is not about the signer'
evidence-seal --case case --all "${signer[@]}" -q -o other.asice --crl pki/root-crl.pem 2>&1
echo '-- lists that forbid signing'
refused() {
    evidence-seal --case case --all -q -o no.asice "$@" 2>&1 || echo "exit $?"
    [ ! -e no.asice ] || echo 'a package is there'
}
refused --key pki/revoked.key --cert pki/revoked.pem --chain pki/chain.pem "${lists[@]}" | unported
refused "${signer[@]}" --crl pki/crl-old.pem
refused "${signer[@]}" --crl pki/root-crl-later.pem
refused --key pki/untrusted.key --cert pki/untrusted.pem "${lists[@]}"
refused "${signer[@]}" --crl pki/root.pem
echo '-- an authority that its list revokes'
refused "${signer[@]}" "${lists[@]}" --timestamp "$tsa/as/tsa-revoked" | unported
echo '-- fetched from where the certificate says'
certify() {
    openssl req -new -key pki/good-ec.key -subj '/C=VN/O=Test Agency/CN=good-ec' -out request
    printf 'keyUsage=critical,digitalSignature,nonRepudiation\ncrlDistributionPoints=%s\n' \
        "$(printf ',URI:%s' "$@" | cut -c2-)" >extensions
    openssl x509 -req -in request -CA pki/intermediate.pem -CAkey pki/intermediate.key -days 9 \
        -CAserial serial -CAcreateserial -extfile extensions -out pointed.pem 2>/dev/null
}
fetching() {
    certify "$@"
    rm -f fetched.asice
    evidence-seal --case case --all --key pki/good-ec.key --cert pointed.pem --chain pki/chain.pem \
        -q -o fetched.asice --fetch-crls --timestamp-timeout 1 2>&1 || echo "exit $?"
    [ ! -e fetched.asice ] || evidence-verify fetched.asice -v --trust-anchor pki/root.pem \
        --trust-anchor ca.pem | grep -c not-revoked || :
}
fetching "$tsa/crl/crl.pem"
fetching "$tsa/nowhere" "$tsa/crl/crl.pem"
echo '-- in vain'
for path in /nowhere /crl/root.pem /huge /slow; do
    fetching "$tsa$path" | unported
done
fetching ldap://directory.example/crl
echo '-- nothing to fetch'
refused "${signer[@]}" --fetch-crls
refused "${signer[@]}" --fetch-crls --timestamp "$tsa/broken"
