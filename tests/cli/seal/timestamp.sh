# Time-stamps of a real authority, in the package and proven by the stock command.
. "$TESTS/cli/seal/tsa.bash"
evidence-seal --case case --all "${signer[@]}" -o out.asice --timestamp "$tsa/" \
    --tsa-anchor pki/root.pem | masked | unported
unzip -Z1 out.asice | tail -4
unzip -q out.asice -d bag
for n in 003 004; do
    openssl ts -verify -data bag/META-INF/ASiCManifest$n.xml -in bag/META-INF/timestamp$n.tst \
        -token_in -CAfile pki/root.pem -untrusted pki/intermediate.pem 2>&1 | grep -v ^Using
done
sed -n '/^Time-stamps/,/is shown by/s/^    //p' bag/README.txt >commands.sh
cp pki/root.pem tsa-ca.pem
(cd bag && bash ../commands.sh 2>&1 | grep -v ^Using)
echo '-- verified'
evidence-verify out.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem --require timestamp |
    masked | unported
echo '-- the authority unknown'
evidence-verify out.asice --trust-anchor ca.pem | unported | grep -A9 '^indeterminate' ||
    echo "exit $?"
echo '-- as a document, and a policy of choice'
evidence-seal --case case --all "${signer[@]}" -o two.asice --timestamp "$tsa/" --json \
    --timestamp-policy 1.2.3.4.5 | unported | grep -o '"time_stamp":{[^}]*}'
evidence-verify two.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem --json |
    grep -o '"policy":"[^"]*"'
echo '-- in the signature files as well'
evidence-seal --case case --all "${signer[@]}" -q -o bt.asice --timestamp "$tsa/" --cades-t
evidence-verify bt.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem -v |
    grep -c timestamp.valid
unzip -q bt.asice -d bt
openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore -CAfile ca.pem \
    -in bt/META-INF/signature001.p7s -content bt/META-INF/ASiCManifest001.xml -out /dev/null 2>&1
evidence-seal --case case --all "${signer[@]}" -o no.asice --timestamp later --cades-t 2>&1 ||
    echo "exit $?"
echo '-- through a proxy'
http_proxy=$tsa evidence-seal --case case --all "${signer[@]}" -o three.asice \
    --timestamp http://tsa.example/ | unported | tail -1
echo '-- to the second implementation, for which anchors are all the same'
cat ca.pem pki/root.pem >roots.pem
evidence-seal --case case --all --key pki/good-ec.key --cert pki/good-ec.pem \
    --chain pki/intermediate.pem -q -o four.asice --timestamp "$tsa/"
python3 "$TESTS/interop/check_package.py" four.asice roots.pem
echo '-- none asked for, none there, one wanted'
evidence-seal --case case --all "${signer[@]}" -o plain.asice -q
evidence-verify plain.asice --trust-anchor ca.pem --require timestamp | grep timestamp
evidence-verify plain.asice --require signers || echo "exit $?"
