# What the cases of this folder share: identities, a package, and words for what differs each time.
"$TESTS/pki/make_pki.sh" pki
sender=(--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/chain.pem)
recipient=(--key pki/good-rsa.key --cert pki/good-rsa.pem --chain pki/chain.pem
    --decrypt-key pki/recipient-rsa.key --decrypt-cert pki/recipient-rsa.pem)
to=(--to channel --recipient pki/recipient-rsa.pem --part-size 64KiB)
trust=(--trust-anchor pki/root.pem)
mkdir channel

# A package of about 250 KB, sealed in ./case; ./other is the recipient's.
seal_package() {
    yes 'evidence' | head -c 200000 >source || true
    evidence-custody init case --case-number HN-1 --title T --officer Lan -q "${sender[@]}"
    evidence-custody init other --case-number FR-9 --title T --officer M -q "${recipient[@]:0:6}"
    evidence-acquire --case case --item USB-01 -q "${sender[@]}" source
    evidence-seal --case case --all -q "${sender[@]}" -o package.asice
} >/dev/null

# Runs a command and shows what it said, with what differs each time by name, and its status.
try() {
    local status=0
    "$@" >said 2>&1 || status=$?
    sed -E -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g' -e 's/[0-9a-f]{64}/DIGEST/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' -e 's/[0-9]{6,} bytes/N bytes/g' said
    echo "exit $status"
}

# Sends package.asice without a case; its folder is $transfer afterwards.
send() {
    transfer=$(evidence-transfer send package.asice "${to[@]}" -q "${sender[@]}" "$@")
}

# The types of a case's events, in order.
history() { # CASE
    evidence-custody export --case "$1" --format jsonl | python3 -c '
import json, sys
print(*(json.loads(line)["event"]["type"] for line in sys.stdin))'
}
