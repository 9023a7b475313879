# The air gap: sealed without an authority in reach, stamped elsewhere, attached by the tail alone.
. "$TESTS/cli/seal/tsa.bash"
evidence-seal --case case --all "${signer[@]}" -o out.asice --timestamp later | masked
evidence-verify out.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem | grep '^  time' |
    unported
cp out.asice before.asice
mkdir usb
evidence-seal --timestamp-query out.asice usb
ask() {
    curl -s -o "usb/$1.tsr" --data-binary "@usb/$1.tsq" \
        -H 'Content-Type: application/timestamp-query' "$tsa/${2:-}"
}
ask timestamp003
ask timestamp004
echo '-- what is not attached, and changes nothing'
attempt() {
    { evidence-seal --attach-timestamp "$@" 2>&1 || echo "exit $?"; } | unported
    cmp out.asice before.asice
}
attempt out.asice usb/timestamp003.tsr
attempt out.asice usb/timestamp003.tsr usb/timestamp003.tsr
ask timestamp004 untrusted
attempt out.asice usb/timestamp003.tsr usb/timestamp004.tsr --tsa-anchor pki/root.pem
ask timestamp004
echo hello | attempt out.asice usb/timestamp003.tsq usb/timestamp004.tsr
evidence-custody init other --case-number O-1 --title Other --officer O -q >/dev/null
attempt out.asice usb/timestamp003.tsr usb/timestamp004.tsr --case other
attempt out.asice usb/timestamp003.tsr usb/timestamp004.tsr --case case --key officer.key
echo '-- no room for the new tail: the old one is put back'
(
    ulimit -f $(($(stat -c %s out.asice) / 1024 + 1))
    attempt out.asice usb/timestamp003.tsr usb/timestamp004.tsr
)
ls ./*.tail 2>/dev/null || echo 'no saved tail'
echo '-- interrupted, as evidence-package(5) has it'
python3 - <<'END'
import hashlib, struct
package = open("out.asice", "rb").read()
offset = struct.unpack("<I", package[-6:-2])[0]
tail = package[offset:]
with open("out.asice.tail", "wb") as saved:
    saved.write(b"evidence-tail/1\n%d\n%s\n" % (offset, hashlib.sha256(tail).hexdigest().encode()))
    saved.write(tail)
with open("out.asice", "r+b") as torn:
    torn.seek(offset)
    torn.write(b"PK\3\4 half of something longer" * 200)
END
evidence-verify -q out.asice --trust-anchor ca.pem || echo "exit $?"
mkdir again
evidence-seal -q --timestamp-query out.asice again
cmp out.asice before.asice
ls ./*.tail 2>/dev/null || echo 'no saved tail'
echo '-- attached, in any order, and recorded'
evidence-seal --attach-timestamp out.asice usb/timestamp004.tsr usb/timestamp003.tsr \
    --tsa-anchor pki/root.pem --case case "${signer[@]}" | unported
evidence-custody log --case case --json | grep '"type":"renew"' |
    grep -cF "\"file_sha256\":\"$(sha256sum <out.asice | cut -c1-64)\""
ls ./*.asice*
python3 - <<'END'
import struct
before, after = open("before.asice", "rb").read(), open("out.asice", "rb").read()
directory = struct.unpack("<I", before[-6:-2])[0]
print("the same up to the directory:", after[:directory] == before[:directory])
END
evidence-verify out.asice --trust-anchor ca.pem --tsa-anchor pki/root.pem --require timestamp |
    masked | unported
echo '-- only once'
evidence-seal --timestamp-query out.asice usb || echo "exit $?"
evidence-seal --attach-timestamp out.asice usb/timestamp004.tsr usb/timestamp003.tsr ||
    echo "exit $?"
echo '-- sealed without, queries written already'
evidence-seal --case case --all "${signer[@]}" -q -o plain.asice
evidence-seal --timestamp-query plain.asice usb || echo "exit $?"
evidence-seal --timestamp-query before.asice usb || echo "exit $?"
