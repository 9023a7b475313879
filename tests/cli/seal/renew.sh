# Archive time-stamps: put behind what stands there, by the tail alone, and recorded.
. "$TESTS/cli/seal/tsa.bash"
evidence-seal --case case --all "${signer[@]}" -q -o out.asice --timestamp "$tsa/"
cp out.asice sealed.asice
renewed() {
    evidence-seal --renew out.asice --timestamp "$tsa/" --tsa-anchor pki/root.pem "$@" | unported
}
renewed --case case "${signer[@]}"
cp out.asice once.asice
renewed --digest sha512 --crl pki/crl.pem --crl pki/root-crl.pem
unzip -Z1 out.asice | tail -4
python3 - <<'END'
import struct
for old, new in (("sealed", "once"), ("once", "out")):
    before, after = open(old + ".asice", "rb").read(), open(new + ".asice", "rb").read()
    directory = struct.unpack("<I", before[-6:-2])[0]
    print("the same up to the directory:", after[:directory] == before[:directory])
END
unzip -q out.asice -d bag
for n in 005 006; do
    openssl ts -verify -data bag/META-INF/ASiCArchiveManifest$n.xml \
        -in bag/META-INF/timestamp$n.tst -token_in -CAfile pki/root.pem \
        -untrusted pki/intermediate.pem 2>&1 | grep -v ^Using
done
grep -o 'Algorithm="[^"]*"' bag/META-INF/ASiCArchiveManifest006.xml | sort | uniq -c
(cd bag && sed -n 's/.*URI="\([^"]*\)"><ds:DigestMethod.*<ds:DigestValue>\([^<]*\)<.*/\1 \2/p' \
    META-INF/ASiCArchiveManifest006.xml | while read -r file digest; do
    [ "$(openssl dgst -sha512 -binary "$file" | openssl base64 -A)" = "$digest" ] ||
        echo "DIFFERS: $file"
done)
openssl cms -verify -binary -inform DER -no-CApath -no-CAstore -crl_check_all -CAfile pki/root.pem \
    -purpose timestampsign -in bag/META-INF/timestamp006.tst -out /dev/null 2>&1
evidence-custody log --case case --json | grep -c '"type":"renew"'
evidence-verify out.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem --require timestamp \
    --json | python3 -c 'import json, sys
report = json.load(sys.stdin)
print(report["verdict"], [stamp["where"] for stamp in report["time_stamps"] if stamp["trusted"]])'
cat ca.pem pki/root.pem >roots.pem
python3 "$TESTS/interop/check_package.py" out.asice roots.pem
echo '-- over the air gap'
mkdir usb
evidence-seal --renew out.asice --digest sha384 --query usb
openssl ts -query -in usb/timestamp007.tsq -text 2>/dev/null | grep Hash
curl -s -o usb/reply --data-binary @usb/timestamp007.tsq \
    -H 'Content-Type: application/timestamp-query' "$tsa/"
evidence-seal --renew out.asice --reply usb/reply 2>&1 | unported
evidence-seal --renew out.asice --digest sha384 --reply usb/reply --tsa-anchor pki/root.pem |
    unported
evidence-verify out.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem | head -1
echo '-- README.txt compares digests of every kind: silent, until a file is changed'
unzip -p out.asice README.txt | sed -n '/PowerShell/q; s/^    //p' >commands.sh
mkdir by-hand && cp out.asice ca.pem by-hand
(cd by-hand && bash -eu ../commands.sh)
rm -r by-hand/unpacked by-hand/out.asice
sed 's/Bag-Software-Agent/Bag-Software-agent/' out.asice >by-hand/out.asice
(cd by-hand && bash -u ../commands.sh 2>/dev/null | grep '^DIFFERS: bag-info.txt') || :
echo '-- what is not renewed, and stays as it was'
cp out.asice before.asice
attempt() {
    { evidence-seal --renew out.asice "$@" 2>&1 || echo "exit $?"; } | unported
    cmp out.asice before.asice
    ls ./*.tail 2>/dev/null || :
}
attempt --timestamp "$tsa/untrusted" --tsa-anchor pki/root.pem
attempt --timestamp "$tsa/broken"
attempt --reply usb/reply
evidence-custody init other --case-number O-1 --title Other --officer O -q >/dev/null
attempt --timestamp "$tsa/" --case other
attempt
attempt --timestamp later
attempt --timestamp "$tsa/" --query usb
attempt --timestamp "$tsa/" --digest md5
attempt --timestamp "$tsa/" --all
evidence-seal --timestamp "$tsa/" --digest sha384 --all --case case "${signer[@]}" \
    -o x.asice 2>&1 ||
    echo "exit $?"
(
    ulimit -f $(($(stat -c %s out.asice) / 1024 + 1))
    attempt --timestamp "$tsa/"
)
for policy in later ''; do
    evidence-seal --case case --all "${signer[@]}" -q -o "plain$policy.asice" \
        ${policy:+--timestamp "$policy"}
    evidence-seal --renew "plain$policy.asice" --timestamp "$tsa/" 2>&1 || echo "exit $?"
done
python3 - <<'END'
package = bytearray(open("out.asice", "rb").read())
package[package.index(b"Bag-Software-Agent")] ^= 0x20
open("changed.asice", "wb").write(package)
END
evidence-seal --renew changed.asice --timestamp "$tsa/" 2>&1 || echo "exit $?"
