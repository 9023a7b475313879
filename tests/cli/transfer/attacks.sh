# What an attacker or a bad medium can do to a transfer is refused, each in its own words.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send
good=$transfer
send
other=$transfer

# attack NAME COMMAND...: runs in a copy of the good transfer (the other one in ../other).
attack() {
    local name=$1
    shift
    rm -rf bad
    cp -r "$good" bad
    echo "== $name"
    (cd bad && "$@")
    try evidence-transfer receive bad "${recipient[@]}" "${trust[@]}" -o out.asice
    [ ! -e out.asice ] && [ ! -e bad/receipt.json ] && [ ! -e bad/refusal.json ]
    status=0
    evidence-verify bad "${trust[@]}" >report 2>&1 || status=$?
    sed -nE 's/^failed: ([a-z.-]+): .*/    verify: \1/p' report | sort -u
    [ $status = 1 ]
}
cp -r "$other" other
sign() { # SIGNER: signs offer.json again
    openssl cms -sign -cades -binary -outform DER -md sha256 -nosmimecap -signer ../pki/"$1".pem \
        -inkey ../pki/"$1".key -certfile ../pki/intermediate.pem -in offer.json -out offer.p7s
}
edit() { # FROM TO: in the offer, signed again by its sender
    sed -i "s/$1/$2/" offer.json
    sign good-ec
}
swap() {
    mv part-000001.p7m x
    mv part-000002.p7m part-000001.p7m
    mv x part-000002.p7m
}
reorder() {
    swap
    sha256sum part-*.p7m >parts.txt
}
drop_last() {
    rm part-000035.p7m
    sed -i '$d' parts.txt
}
damage() {
    printf 'not what was sent' | dd of=part-000003.p7m bs=1 seek=5000 conv=notrunc status=none
}
attack 'a part is missing' rm part-000007.p7m
attack 'parts are swapped' swap
attack 'parts are swapped in the list as well' reorder
attack 'the last part is dropped from the list as well' drop_last
attack 'a part is damaged' damage
attack 'a part is cut short' truncate -s 100 part-000002.p7m
attack 'a part comes from another transfer' cp ../other/part-000004.p7m .
attack 'all parts come from another transfer' cp ../other/part-000004.p7m ../other/parts.txt .
attack 'the key comes from another transfer' cp ../other/key.p7m .
attack 'the key is missing' rm key.p7m
attack 'the list is missing' rm parts.txt
attack 'the offer was edited' sed -i 's/"parts":35/"parts":34/' offer.json
attack 'the signature of the offer is missing' rm offer.p7s
attack 'the signature is that of another offer' cp ../other/offer.p7s .
attack 'the offer was signed again by somebody else' sign good-ec384
