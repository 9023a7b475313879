# A checkpoint with a time-stamp over its signature.
. "$TESTS/cli/seal/tsa.bash"
checkpoint() {
    { evidence-custody checkpoint --case case "${signer[@]}" -q "$@" 2>&1 || echo "exit $?"; } |
        unported
}
checkpoint -o head --timestamp "$tsa/" --tsa-anchor pki/root.pem
ls head*
openssl ts -verify -data head.p7s -in head.tst -token_in -CAfile pki/root.pem \
    -untrusted pki/intermediate.pem 2>&1 | grep -v ^Using
echo '-- nothing is left when there is none'
checkpoint --timestamp "$tsa/"
checkpoint -o none --timestamp "$tsa/rejected"
checkpoint -o none --timestamp "$tsa/untrusted" --tsa-anchor pki/root.pem
checkpoint -o none --timestamp ftp://tsa.example/
touch new.tst
checkpoint -o new --timestamp "$tsa/"
ls none* new* 2>/dev/null || :
evidence-custody log --case case --json | grep -o '"type":"checkpoint"' | wc -l
echo '-- verified by itself'
check() {
    { evidence-verify "$@" --trust-anchor ca.pem --tsa-anchor pki/root.pem 2>&1 ||
        echo "exit $?"; } | unported
}
check head --require timestamp
mv head.tst other.tst
check head --require timestamp
sed -i '2s/.*/7/' head
check head
