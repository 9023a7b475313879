# EVIDENCE_CHAIN belongs to the signer: the key that decrypts may be of another CA.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
"$TESTS/pki/make_pki.sh" elsewhere
to=(--to channel --recipient elsewhere/recipient-rsa.pem)
send
export EVIDENCE_CHAIN=pki/chain.pem EVIDENCE_KEY=pki/good-ec.key EVIDENCE_CERT=pki/good-ec.pem
try evidence-transfer receive "$transfer" -q -o out.asice "${trust[@]}" \
    --trust-anchor "$TESTS/vectors/sample-ca.crt" \
    --decrypt-key elsewhere/recipient-rsa.key --decrypt-cert elsewhere/recipient-rsa.pem
cmp package.asice out.asice
