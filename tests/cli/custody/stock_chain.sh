# Tags, digests and links computed anew by a shell, as evidence-ledger(5) describes them.
evidence-custody init case --case-number 1 --title T --officer A --quiet
evidence-custody record --case case --type incident --reason one --quiet
evidence-custody record --case case --type incident --reason two --quiet
evidence-custody export --case case --format jsonl -o ledger.jsonl
hex_sha256() { sha256sum | cut -c1-64; }
raw() { printf "$(printf %s "$1" | sed 's/../\\x&/g')"; }
ledger=$(sed -n '1s/.*"ledger":"\([0-9a-f]*\)".*/\1/p' ledger.jsonl)
link=$(printf 'evidence-ledger/1\n%s' "$ledger" | hex_sha256)
while read -r line; do
    event=$(sed 's/^{"event":\(.*\),"link":"[0-9a-f]*","tags".*$/\1/' <<<"$line")
    tags=$(sed 's/.*,"tags":"\([0-9a-f]*\)"}$/\1/' <<<"$line")
    digest=$( (printf '\x10'; raw "$(raw "$tags" | hex_sha256)"
               raw "$(printf %s "$event" | hex_sha256)") | hex_sha256)
    link=$( (printf '\x11'; raw "$link"; raw "$digest") | hex_sha256)
    grep -q "\"link\":\"$link\"" <<<"$line" && echo "link follows"
done <ledger.jsonl
