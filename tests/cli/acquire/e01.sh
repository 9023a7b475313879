# Images in the Expert Witness format, written and taken in, against the programs of libewf.
command -v ewfverify >/dev/null || { echo "skipped: no ewf-tools" >&2; exit 77; }
evidence-custody init case --case-number E-1 --title E01 --officer Lan --quiet >/dev/null
evidence-custody identity --name Lan --out-key key --out-cert cert >/dev/null
make() { # BYTES SEED
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' "$2")" \
        -iv "$(printf '%032d' 0)"
}
{ make 7M 1; head -c 5M /dev/zero; make 512 2; } >disk.img
try() {
    { "$@" 2>&1 || echo "exit $?"; } | grep -v 'not signed' | sed -E 's|/[^ ]*/work/|HERE/|g'
}
digest_of() { # ITEM ALGORITHM
    grep -o "\"$2\":\"[0-9a-f]*" "case/items/$1/acquisition.json" | head -1 | cut -d'"' -f4
}
echo '-- written: whole, in segments, in three compressions; libewf reads the same out of it'
try evidence-acquire --case case --item DISK-1 --format e01 --description 'a stick' \
    --note 'no label' disk.img
for how in none fast best; do
    evidence-acquire --case case --item "$how" --format e01 --compression "$how" --split 2MiB \
        --digest sha512 --quiet disk.img 2>/dev/null
    echo "$how: $(find "case/items/$how" -name 'image.E*' | wc -l) files"
    ewfverify -q "case/items/$how/image.E01" | grep -i 'success'
    ewfexport -q -u -f raw -t "out-$how" "case/items/$how/image.E01" >/dev/null
    cmp "out-$how.raw" disk.img
    [ "$(digest_of "$how" sha256)" = "$(sha256sum <disk.img | cut -c1-64)" ] || echo 'sha256 differs'
done
ewfinfo case/items/DISK-1/image.E01 |
    grep -E 'Case number|Description|Examiner|Evidence number|Notes|Software|Media size|Bytes per' |
    tr -s '\t' ' '
stat -c '%a %n' case/items/DISK-1/image.E01
echo '-- a second copy'
mkdir second
try evidence-acquire --case case --item TWICE --format e01 --also second --quiet disk.img
diff -r case/items/TWICE second/TWICE && echo 'the same twice'
echo '-- taken in: what another program made, with the digests it stored'
ewfacquire -u -q -c fast -S 2MiB -t theirs -C 77 -D 'their disk' -e Ana -E X-9 -N 'their notes' \
    -m fixed -M physical -d sha1 disk.img >/dev/null 2>&1
try evidence-acquire --case case --item THEIRS theirs.E01
for file in theirs.E*; do cmp "$file" "case/items/THEIRS/image.${file##*.}"; done
[ "$(digest_of THEIRS sha256)" = "$(sha256sum <disk.img | cut -c1-64)" ] && echo 'the content too'
python3 -c '
import json
taken = json.load(open("case/items/THEIRS/acquisition.json"))["taken_in"]
print(taken["result"], sorted(taken["digests"]), taken["header"]["examiner_name"],
      taken["header"]["description"], taken["header"]["evidence_number"])'
evidence-acquire --case case --item COPY --as file --quiet theirs.E01
cmp theirs.E01 case/items/COPY/file.bin
echo '-- sealed, verified, and damage is named'
evidence-seal --case case --item DISK-1 --item THEIRS --key key --cert cert --quiet -o out.asice
shown() { grep -E '^(TOTAL|INDET|failed)|content|medium' | sed -E 's/[0-9]+ bytes/N bytes/'; }
evidence-verify out.asice --trust-anchor cert | shown
evidence-verify case | shown
unzip -q out.asice 'data/*' -d out
ls out/data | sed 's/.*\.//' | tr '\n' ' '
echo
unzip -p out.asice README.txt | sed -n 's/^    \(ln \)/\1/p' >commands.sh
(cd out && bash -eu ../commands.sh)
find disk.E* | sort
echo '-- damaged sets'
mkdir bad && cp theirs.E0* bad
printf '?' | dd of=bad/theirs.E02 bs=1 seek=1000000 conv=notrunc status=none
try evidence-acquire --case case --item BAD-1 bad/theirs.E01
try evidence-acquire --case case --item BAD-1 --on-error fill bad/theirs.E01
try evidence-acquire --case case --item BAD-1 --on-error fill --keep-mismatch --quiet bad/theirs.E01
grep -c '\-$' case/items/BAD-1/map
evidence-verify case | grep -E 'BAD-1' | grep -v preflight
rm bad/theirs.E02
try evidence-acquire --case case --item BAD-2 bad/theirs.E01
try evidence-acquire --case case --item BAD-3 theirs.E02
echo '-- a set of more files than may be open'
make 70M 3 >large.img
(
    ulimit -n 40
    try evidence-acquire --case case --item MANY --format e01 --compression none --split 1MiB \
        --quiet large.img
    find case/items/MANY -name 'image.E*' | wc -l
    evidence-verify case | grep -c 'MANY.*failed' || true
)
echo '-- what cannot be'
head -c 1500 disk.img >odd.img
try evidence-acquire --case case --format e01 odd.img
try evidence-acquire --case case --format e01 - <disk.img
mkdir tree
try evidence-acquire --case case --format e01 tree
try evidence-acquire --case case --format raw theirs.E01
try evidence-acquire --case case --format e01 --split 512KiB disk.img
try evidence-acquire --case case --item DISK-9 --format e01 --resume disk.img
find case/items -name '*partial*'
