# A transfer between two cards: the offer is signed, and the package opened and answered, by keys
# that stay on tokens. A key that may only sign opens nothing, and says so.
. "$TESTS/cli/transfer/setup.bash"
. "$TESTS/tokens/token.bash"
new_token Paris
put sender 01 pki/good-ec.key pki/good-ec.pem
put_certificate issuer 09 pki/intermediate.pem
put recipient 01 pki/good-rsa.key pki/good-rsa.pem Paris
put opener 02 pki/recipient-ec.key pki/recipient-ec.pem Paris
put opener-rsa 03 pki/recipient-rsa.key pki/recipient-rsa.pem Paris
put_certificate issuer 09 pki/intermediate.pem Paris
usages=--usage-sign put only-signs 04 pki/recipient-ec.key pki/recipient-ec.pem Paris
seal_package
sender=(--key 'pkcs11:token=Office%207' --key-password pin)
recipient=(--key 'pkcs11:token=Paris;object=recipient' --key-password pin)
receive() { # DECRYPTER OUT
    try evidence-transfer receive "$transfer" -o "$2" --case other "${recipient[@]}" \
        --decrypt-key "pkcs11:token=Paris;object=$1" --decrypt-key-password pin "${trust[@]}" |
        unserialled
}
to=(--to channel --recipient pki/recipient-ec.pem --part-size 64KiB)
send --case case
receive only-signs no.asice
receive opener ec.asice
cmp package.asice ec.asice
try evidence-transfer close "$transfer" --receipt "$transfer/receipt.json" --case case \
    "${sender[@]}" "${trust[@]}" --quiet
to=(--to channel --recipient pki/recipient-rsa.pem --part-size 64KiB)
send
receive opener-rsa rsa.asice
cmp package.asice rsa.asice
echo '-- a file needs its certificate beside it'
try evidence-transfer receive "$transfer" -o no.asice --case other "${recipient[@]}" \
    --decrypt-key pki/recipient-rsa.key "${trust[@]}"
