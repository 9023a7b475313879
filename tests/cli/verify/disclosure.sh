# A disclosure: two signers, kept apart; its original beside it; what it gives, extracted.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice
evidence-custody identity --name 'Other Officer' --organization 'Other Unit' --country FR \
    --out-key other.key --out-cert other.pem >/dev/null
other=(--key other.key --cert other.pem)
evidence-custody init other --case-number F-1 --title 'Abroad' "${other[@]}" --quiet >/dev/null
cat ca.pem other.pem >both.pem
echo black >black.txt
evidence-seal --case other --from full.asice --only 'TREE-1/a b/hello.txt' --range 0-1 \
    --replace TREE-1/nothing=black.txt --reason 'privacy' --named --with-item-record \
    --given $'A \e[31mRed' --asked 'one file' "${other[@]}" --quiet -o part.asice
report() {
    evidence-verify --trust-anchor both.pem "$@" | masked |
        sed -E 's/[0-9]{4}-[0-9-]+T[0-9:.]+Z/TIME/g; s/, [0-9]+ bytes/, N bytes/'
    return "${PIPESTATUS[0]}"
}
report --original full.asice --verbose part.asice
echo '-- in the language of the reader'
report --lang vi part.asice | sed -n 1,6p
echo '-- as a document'
evidence-verify --trust-anchor both.pem --json part.asice | grep -o '"disclosure":{.*' |
    sed 's/,"extraction".*//;s/,"findings".*//' |
    sed -E 's/[0-9]{4}-[0-9-]+T[0-9:.]+Z/TIME/g' | masked
echo '-- as a page'
evidence-verify --trust-anchor both.pem --quiet --report page.html part.asice
sed -n '/<section id="disclosure"/,/<\/section>/s/<[^>]*>/ /gp' page.html | tr -s ' ' |
    sed -E 's/[0-9]{4}-[0-9-]+ [0-9:.]+ UTC/TIME/g; s/([0-9a-f]{16} ){3}[0-9a-f]{16}/SHA256/' | masked
echo '-- extracted'
evidence-verify --trust-anchor both.pem --quiet --extract out part.asice
(cd out && find . -type f ! -name extraction.json -exec wc -c {} + | sort |
    sed 's/redacted-[0-9a-f]*/redacted-ID/')
cmp 'tree/a b/hello.txt' 'out/items/TREE-1/a b/hello.txt'
echo '-- another original, a changed one, none'
evidence-seal --case case --all "${signer[@]}" --quiet -o again.asice
report --original again.asice part.asice | grep 'disclosure\.' || echo "exit $?"
at=$(grep -abo 'hello$' full.asice | head -1 | cut -d: -f1)
(head -c "$at" full.asice; printf J; tail -c +$((at + 2)) full.asice) >changed.asice
report --original changed.asice part.asice | grep 'disclosure\.' || echo "exit $?"
evidence-verify --original full.asice --trust-anchor both.pem again.asice 2>&1 | masked || true
evidence-verify --original part.asice --trust-anchor both.pem case 2>&1 || echo "exit $?"
evidence-verify --original disk.img --trust-anchor both.pem part.asice 2>&1 || echo "exit $?"
