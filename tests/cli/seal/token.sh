# Keys on a token (SoftHSM) seal packages and sign custody events; we and openssl accept them. The
# certificate beside the key is found by id or label, or given as a file or as a URI.
. "$TESTS/cli/seal/small_case.bash"
. "$TESTS/tokens/token.bash"
"$TESTS/pki/make_pki.sh" pki
put ec 01 pki/good-ec.key pki/good-ec.pem
put p384 02 pki/good-ec384.key pki/good-ec384.pem
put rsa 03 pki/good-rsa.key pki/good-rsa.pem
put_certificate issuer 09 pki/intermediate.pem
cp ca.pem officer.pem
cat officer.pem pki/root.pem >ca.pem

check() { # PACKAGE
    evidence-verify "$1" --trust-anchor ca.pem | sed -n '1p; /identity/p; /no-chain/p'
    rm -rf stock && mkdir stock && cp "$1" stock/p.asice && cp ca.pem stock
    unzip -p "$1" README.txt | sed -n '/PowerShell/q; s/^    //p' >stock/commands.sh
    said=$(cd stock && bash ./commands.sh 2>&1)
    echo "openssl says: ${said:-nothing}"
}
for name in ec p384 rsa; do
    echo "-- $name"
    evidence-seal --case case --all "${office[@]/NAME/$name}" -q -o $name.asice >/dev/null
    check $name.asice
done

echo '-- the certificate as a URI, as a file; the module in the URI'
evidence-seal --case case --all "${office[@]/NAME/ec}" --cert 'pkcs11:token=Office%207;id=%01' \
    -q -o uri.asice >/dev/null
env -u EVIDENCE_PKCS11_MODULE evidence-seal --case case --all \
    --key "pkcs11:object=ec?module-path=$softhsm" --key-password fd:3 3<pin \
    --cert pki/good-ec.pem --chain pki/chain.pem -q -o file.asice >/dev/null
check uri.asice
check file.asice

echo '-- a key that wants its PIN for each signature'
always=--always-auth
put always 04 pki/self-signed.key pki/self-signed.pem
evidence-seal --case case --all "${office[@]/NAME/always}" -q -o always.asice >/dev/null
cat pki/self-signed.pem >>ca.pem
check always.asice

echo '-- events, each tool'
echo more >more.bin
evidence-acquire --case case --item MORE-1 "${office[@]/NAME/p384}" more.bin -q >/dev/null
evidence-verify ec.asice --trust-anchor ca.pem --case case "${office[@]/NAME/ec}" | sed -n 1p
evidence-custody record --case case --item DISK-1 --type analyse --reason test \
    "${office[@]/NAME/rsa}" -q >/dev/null
evidence-custody export --case case --format jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    event = json.loads(line)["event"]
    print(event["type"], event["actor"]["algorithm"], event["actor"]["name"])'
evidence-verify case --trust-anchor ca.pem | sed -n '1p; /custody/p'
