# A SoftHSM token for a case, in its own folder: "Office 7" with the PIN 1234, which stands in ./pin.
#
#   put NAME ID KEY [CERT]   stores a private key, and a certificate beside it, under that label
#   Other usages and always=--always-auth may be said by variables: usages=--usage-sign put ...
#   office                   the options for the key NAME on it: "${office[@]/NAME/ec}"
softhsm=/usr/lib/softhsm/libsofthsm2.so
for needed in softhsm2-util pkcs11-tool; do
    command -v $needed >/dev/null || { echo "skipped: no $needed (see scripts/install-deps)"; exit 77; }
done
ls /usr/lib/*/engines-3/pkcs11.so >/dev/null 2>&1 ||
    { echo "skipped: no libengine-pkcs11-openssl (see scripts/install-deps)"; exit 77; }
mkdir tokens
printf '%s\n' "directories.tokendir = $PWD/tokens" "objectstore.backend = file" \
    "log.level = ERROR" >softhsm2.conf
export SOFTHSM2_CONF=$PWD/softhsm2.conf EVIDENCE_PKCS11_MODULE=$softhsm
echo 1234 >pin
office=(--key 'pkcs11:token=Office%207;object=NAME' --key-password pin)

new_token() { # LABEL
    softhsm2-util --init-token --free --label "$1" --pin 1234 --so-pin 5678 >/dev/null
}
put() { # NAME ID KEY [CERT [LABEL]]
    openssl pkey -in "$3" -outform DER -out put.der
    pkcs11-tool --module $softhsm --token-label "${5:-Office 7}" --login --pin 1234 \
        --write-object put.der --type privkey ${usages---usage-sign --usage-derive --usage-decrypt} \
        ${always:-} --id "$2" --label "$1" >/dev/null
    [ -z "${4:-}" ] || put_certificate "$1" "$2" "$4" "${5:-Office 7}"
}
put_certificate() { # NAME ID CERT [TOKEN]
    openssl x509 -in "$3" -outform DER -out put.der
    pkcs11-tool --module $softhsm --token-label "${4:-Office 7}" --login --pin 1234 \
        --write-object put.der --type cert --id "$2" --label "$1" >/dev/null
}
# What differs from run to run, by name.
unserialled() { sed -E 's/serial=[0-9a-f]{16}/serial=SERIAL/g'; }
new_token 'Office 7'
