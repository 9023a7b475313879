# Events by hand: what is written is what log and export show.
show() {
    evidence-custody log --case case | sed -E 's/20[0-9-]+T[0-9:.]+Z/TIME/; s/[0-9a-f]{64}/LINK/'
}
evidence-custody init case --case-number 1 --title T --officer 'Officer A' --quiet
evidence-custody record --case case --type search_extend --place 'Hà Nội' \
    --reason 'warrant 12/2026' --from 'suspect' --to 'evidence room'
EVIDENCE_CASE=case evidence-custody record --type incident --officer B --role clerk --quiet
mkdir case/items/deep
(cd case/items/deep && evidence-custody record --type seize --at 2020-01-02T03:04:05+07:00 --quiet)
evidence-custody record --case case --type correction --corrects 1 --reason 'wrong room' --quiet
show
evidence-custody export --case case --format jsonl >ledger.jsonl
grep -o '"at":"2020[^"]*"' ledger.jsonl
grep -c '"recorded_at"' ledger.jsonl
grep -o '"detail":{[^}]*}' ledger.jsonl
grep -o '"role":"clerk"' ledger.jsonl

echo '-- an export to a file is the same and replaces nothing'
evidence-custody export --case case --format jsonl -o copy.jsonl
cmp ledger.jsonl copy.jsonl
evidence-custody export --case case --format jsonl -o copy.jsonl || echo "exit $?"
evidence-custody export --case case --format jsonl >/dev/full || echo "exit $?"
