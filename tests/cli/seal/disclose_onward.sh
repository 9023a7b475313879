# A part of a part, by another agency: with leave when a condition binds it; provable down to the
# first seal. A disclosure whose event was lost is recorded again.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice --condition 'no-onward=ask us'
evidence-seal --case case --from full.asice --only TREE-1 --blind "${signer[@]}" --quiet \
    -o blind.asice
evidence-seal --case case --from full.asice --only TREE-1 --named "${signer[@]}" --quiet \
    -o named.asice
evidence-custody identity --name 'Other Officer' --organization 'Other Unit' --country FR \
    --out-key other.key --out-cert other.pem >/dev/null
other=(--key other.key --cert other.pem)
evidence-custody init other --case-number F-1 --title 'Abroad' "${other[@]}" --quiet >/dev/null
onward() { # FROM TO KIND OPTION...
    evidence-seal --case other --from "$1.asice" "--$3" "${@:4}" "${other[@]}" --quiet \
        -o "$2.asice" 2>&1 | masked
    return "${PIPESTATUS[0]}"
}
echo '-- bound'
onward blind part blind --only 'TREE-1/a b/hello.txt' || echo "exit $?"
id=$(unzip -p blind.asice package.json | grep -o '"id":"[0-9a-f]*-[^"]*"' | cut -d'"' -f4)
leave() { # TYPE
    evidence-custody record --case other --type "$1" --package "$id" "${other[@]}" --quiet
}
echo '-- leave for another package, and leave that was taken back'
evidence-custody record --case other --type onward_authorized "${other[@]}" --quiet \
    --package 00000000-0000-4000-8000-000000000000
onward blind part blind --only 'TREE-1/a b/hello.txt' || echo "exit $?"
leave onward_authorized
leave onward_denied
onward blind part blind --only 'TREE-1/a b/hello.txt' || echo "exit $?"
echo '-- with leave'
leave onward_authorized
evidence-custody record --case other --type onward_authorized --package nothing 2>&1 ||
    echo "exit $?"
evidence-custody record --case other --type onward_denied "${other[@]}" 2>&1 || echo "exit $?"
onward blind part blind --only 'TREE-1/a b/hello.txt'
cat ca.pem other.pem >both.pem
report() {
    evidence-verify --trust-anchor both.pem "$@" | masked |
        sed -E 's/[0-9]{4}-[0-9-]+T[0-9:.]+Z/TIME/g; s/, [0-9]+ bytes/, N bytes/'
}
report --original blind.asice part.asice
echo '-- only the giver is trusted, only the first sealer'
evidence-verify --trust-anchor other.pem --quiet part.asice || echo "exit $?"
evidence-verify --trust-anchor ca.pem --quiet part.asice || echo "exit $?"
echo '-- to its own case no condition applies'
evidence-seal --case case --from named.asice --only TREE-1/nothing --blind "${signer[@]}" \
    --quiet -o own.asice
report own.asice | grep 'disclosure \|origin \|TOTAL'
id=$(unzip -p named.asice package.json | grep -o '"id":"[0-9a-f]*-[^"]*"' | cut -d'"' -f4)
leave onward_authorized
echo black >black.txt
echo '-- named of named, and a copy in place of what was a copy'
onward named again named --replace 'TREE-1/a b/hello.txt=black.txt' --reason one
report again.asice | grep 'disclosure \|origin \|TOTAL'
unzip -Z1 again.asice | grep -c '^origin/origin/'
evidence-seal --case other --from again.asice --only TREE-1 --blind "${other[@]}" --quiet \
    -o third.asice 2>&1 | masked
id=$(unzip -p again.asice package.json | grep -o '"id":"[0-9a-f]*-[^"]*"' | cut -d'"' -f4)
leave onward_authorized
onward again third blind --only TREE-1
report third.asice | grep 'disclosure \|origin \|TOTAL'
unzip -p third.asice origin/proofs.jsonl | grep -c '"record":'
unzip -p third.asice origin/origin/proofs.jsonl origin/origin/origin/proofs.jsonl |
    grep -c '"leaf":'
echo '-- the event was lost'
cp -a other before
onward blind lost blind --only TREE-1/nothing
rm -r other && mv before other
evidence-seal --record lost.asice --case other "${other[@]}" 2>&1 | masked
evidence-custody log --case other | grep -c disclose
ls -A
