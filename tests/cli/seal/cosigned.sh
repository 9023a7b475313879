# Two persons seal one package: the second signature is announced, checked, and cannot be taken
# away or made by the first person.
. "$TESTS/cli/seal/small_case.bash"
. "$TESTS/tokens/token.bash"
"$TESTS/pki/make_pki.sh" pki
put second 01 pki/good-rsa.key pki/good-rsa.pem
second=(--key 'pkcs11:object=second' --key-password pin --chain pki/chain.pem)
third=(--key pki/good-ec384.key --cert pki/good-ec384.pem --chain pki/chain.pem)
cp ca.pem officer.pem
cat officer.pem pki/root.pem >ca.pem

echo '-- sealed'
signer=(--key officer.key --cert officer.pem)
evidence-seal --case case --all "${signer[@]}" "${second[@]}" "${third[@]}" -o out.asice | masked
unzip -l out.asice | awk '/META-INF/ { print $4 }'
unzip -p out.asice package.json | python3 -c '
import json, sys
print(len(json.load(sys.stdin)["cosigned_by"]), "co-signers")'
evidence-verify out.asice --trust-anchor ca.pem | sed -n 1p || true
evidence-seal --case case --all "${signer[@]}" "${second[@]}" --json -o json.asice |
    python3 -c 'import json, sys; print(len(json.load(sys.stdin)["cosigned_by"]), "in the result")'

echo '-- stock tools'
unzip -p out.asice README.txt >README.txt
sed -n '/PowerShell/q; s/^    //p' README.txt >commands.sh
sed -n '/^Co-signers signed/,/^OBJECTS/p' README.txt |
    sed '/^OBJECTS/d' | sed -n 's/^    //p' >who.sh
check() {
    rm -rf stock && mkdir stock && cp "$1" stock/out.asice && cp "${2:-ca.pem}" stock/ca.pem
    (cd stock && bash ../commands.sh 2>&1 | sed '/:error:/d') && echo 'that is all'
}
check out.asice
(cd stock/unpacked && bash -eu ../../who.sh 2>&1) |
    sed -E 's/([0-9A-F]{2}:){31}[0-9A-F]{2}/SHA256/'
echo '-- a co-signer nobody vouches for'
check out.asice officer.pem
evidence-verify out.asice --trust-anchor officer.pem | sed -n '1p; /no-chain/p'

echo '-- a co-signature taken away, and one by the first person'
tampered() { # NAME COMMAND...
    rm -rf bag && mkdir bag && (cd bag && unzip -q ../out.asice && shift && "$@")
    rm -f tampered.asice && python3 -m zipfile -c tampered.asice bag/*
    (cd bag && python3 -m zipfile -c ../tampered.asice *)
    check tampered.asice
}
tampered gone rm META-INF/signature102.p7s META-INF/ASiCManifest102.xml
tampered moved cp META-INF/signature001.p7s META-INF/signature101.p7s
tampered other sed -i '/bagit.txt/d' META-INF/ASiCManifest101.xml

echo '-- refused'
try() {
    status=0
    evidence-seal --case case --all -q -o refused.asice "$@" >said 2>&1 || status=$?
    unserialled <said
    echo "exit $status"
    [ ! -e refused.asice ]
}
openssl req -x509 -new -key officer.key -subj '/CN=Somebody Else' -days 9 -out alias.pem \
    -addext keyUsage=critical,digitalSignature
try "${signer[@]}" "${signer[@]}"
try "${signer[@]}" --key officer.key --cert alias.pem
try "${signer[@]}" "${third[@]}" "${third[@]}"
try "${signer[@]}" --key pki/wrong-usage.key --cert pki/wrong-usage.pem
try "${signer[@]}" --key pki/expired.key --cert pki/expired.pem |
    sed -E 's/[0-9T:.-]+Z between/NOW between/'
try "${signer[@]}" --key pki/good-ec.key
try "${signer[@]}" --cert pki/good-ec.pem
evidence-seal --case case --record out.asice "${signer[@]}" "${third[@]}" 2>&1 || echo "exit $?"

echo '-- recorded after a crash'
cp -r case copy
evidence-seal --case copy --record out.asice "${signer[@]}" | masked
