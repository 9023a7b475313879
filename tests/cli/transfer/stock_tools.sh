# The commands of evidence-transfer(1) open a transfer, for an RSA and an EC recipient.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send --recipient pki/recipient-ec.pem
cp pki/root.pem "$transfer/sender-ca.pem"
sed -n '/^Open a transfer with stock tools/,/^\.Ed/p' "$TESTS/../man/evidence-transfer.1" |
    sed -e '/^\./d; /^Open/d' -e 's/\\e$/\\/' >commands
for key in rsa ec; do
    cp pki/recipient-$key.key "$transfer/decrypt.key"
    cp pki/recipient-$key.pem "$transfer/decrypt.pem"
    (cd "$transfer" && bash -eu ../../commands >sums 2>log) || cat "$transfer/log"
    cmp package.asice "$transfer/case-7.asice" && echo "$key opens it"
    for member in key_sha256 parts_sha256 file_sha256; do
        digest=$(python3 -c "
import json
offer = json.load(open('$transfer/offer.json'))
print(offer.get('$member') or offer['package']['$member'])")
        grep -q "^$digest " "$transfer/sums" && echo "$member"
    done
done
