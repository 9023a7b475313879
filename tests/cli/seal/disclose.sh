# Parts of a sealed package: what is said, what is inside, what the ledger learns; each is verified.
. "$TESTS/cli/seal/small_case.bash"
mkdir -p mail/inbox mail/sent
for i in 1 2 3; do echo "letter $i" >mail/inbox/$i.eml; done
echo secret >mail/sent/9.eml
ln -s 1.eml mail/inbox/newest
acquire --item MAIL-1 mail
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice \
    --condition 'use-limit=only here'

disclose() { # NAME OPTION...
    evidence-seal --case case --from full.asice "${@:2}" "${signer[@]}" -o "$1.asice" 2>&1 | masked
    evidence-verify --trust-anchor ca.pem --original full.asice "$1.asice" |
        sed -E 's/[0-9]{4}-[0-9-]+T[0-9:.]+Z/TIME/g' |
        sed -n '/^  disclosure\|^  origin\|TOTAL\|^  fail\|^  warn/p' | masked
}
echo '-- files of a tree, of the rest only how much it is'
disclose inbox --match 'inbox/*' --blind --given 'A Prosecutor' --given-organization Lyon \
    --asked 'the inbox' --authority 'order 12/2026' --legal-basis 'article 45'
unzip -Z1 inbox.asice | sed -E 's/[0-9a-f]{64}/FINGERPRINT/'
cmp mail/inbox/2.eml <(unzip -p inbox.asice data/000002.bin)
unzip -p inbox.asice disclosure.json |
    sed 's/"items_root":"[0-9a-f]*"/"items_root":"ROOT"/' | masked
evidence-custody log --case case --json | grep -o '"authority":"order[^}]*}'  | tail -1 | masked
evidence-custody log --case case --json | grep -o '"type":"disclose"' | wc -l
strings -n 3 inbox.asice | grep -c 'sent/\|TREE-1\|DISK-1\|disk.img' || true

echo '-- a whole item, and one file with how its tree was acquired'
disclose whole --only DISK-1 --only MAIL-1/sent/9.eml --with-item-record --blind
unzip -p whole.asice items.jsonl |
    sed -E 's/"(salt|crc32|item_key|[acm]time)":"[^"]*"/"\1":""/g' | masked |
    cut -c1-150
evidence-custody log --case case | grep -c disclose

echo '-- a whole tree, names of the rest told'
disclose tree --only TREE-1 --named
unzip -Z1 tree.asice | sed -E 's/[0-9a-f]{64}/FINGERPRINT/' | grep -v '^META'
[ "$(unzip -p tree.asice origin/META-INF/ASiCManifest001.xml | sha256sum)" = \
    "$(unzip -p full.asice META-INF/ASiCManifest001.xml | sha256sum)" ]

echo '-- bytes of an image'
disclose range --range 0x000001-0x000002 --range DISK-1:2097152-2600000 --named
cmp <(head -c 1048576 disk.img) <(unzip -p range.asice data/000001.bin)
cmp <(tail -c +2097153 disk.img) <(unzip -p range.asice data/000002.bin)

echo '-- a copy in place of a file, and of an item'
echo black >black.txt
disclose file-replaced --replace MAIL-1/inbox/2.eml=black.txt --reason 'a third person' --blind
disclose item-replaced --replace DISK-1=black.txt --reason 'a third person' --named
unzip -p file-replaced.asice items.jsonl | sed -E 's/"(salt|of)":"[0-9a-f]*"/"\1":""/g'

echo '-- from a list, as a document, through a pipe'
printf 'MAIL-1/inbox/1.eml\n\nMAIL-1/inbox/3.eml\n' >list
evidence-seal --case case --from full.asice --only-from - --blind "${signer[@]}" --json \
    -o list.asice <list 2>&1 | tail -1 | sed -E 's/"size_bytes":[0-9]+/"size_bytes":N/
        s/"created_at":"[^"]*"/"created_at":"TIME"/' | masked
evidence-seal --case case --from full.asice --only-from list --blind "${signer[@]}" --quiet -o - |
    evidence-verify --trust-anchor ca.pem --quiet -
ls -A
