# Every kind of key that may seal: P-384, RSA, RSA bound to RSASSA-PSS, and bound to one digest.
# The commands of README.txt accept what each makes.
. "$TESTS/cli/seal/small_case.bash"
"$TESTS/pki/make_pki.sh" pki
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:3072 -pkeyopt rsa_pss_keygen_md:sha384 \
    -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48 -out pki/bound.key \
    2>/dev/null
openssl req -new -key pki/bound.key -sha384 -subj '/O=Test Agency/CN=bound' -out bound.csr
openssl x509 -req -in bound.csr -CA pki/intermediate.pem -CAkey pki/intermediate.key -days 9 \
    -extfile <(echo keyUsage=critical,digitalSignature) -set_serial 77 -out pki/bound.pem \
    2>/dev/null
cat ca.pem pki/root.pem >anchors.pem
seal() { # NAME, whose package is NAME.asice
    evidence-seal --case case --all -q -o "$1.asice" --key "pki/$1.key" --cert "pki/$1.pem" \
        --chain pki/chain.pem
}
for name in good-ec384 good-rsa good-rsa-pss; do
    echo "-- $name"
    seal $name
    evidence-verify $name.asice --trust-anchor anchors.pem | sed -n '1p; /identity/p'
    mkdir $name && cp $name.asice $name && cp anchors.pem $name/ca.pem
    unzip -p $name.asice README.txt | sed -n '/PowerShell/q; s/^    //p' >commands.sh
    said=$(cd $name && bash ../commands.sh 2>&1) || true
    echo "openssl says: ${said:-nothing}"
    openssl cms -cmsout -print -inform DER -in $name/unpacked/META-INF/signature001.p7s |
        sed -n '/signatureAlgorithm:/,/signature:/p' | sed -n 's,.* algorithm: ,,p' | tail -1
done
echo '-- a key that cannot sign events with SHA-256'
seal bound 2>&1 || echo "exit $?"
[ ! -e bound.asice ]
echo '-- co-signs'
evidence-seal --case case --all -q -o two.asice "${signer[@]}" --key pki/bound.key \
    --cert pki/bound.pem --chain pki/chain.pem
evidence-verify two.asice --trust-anchor anchors.pem | sed -n '1p; /signature/p'
