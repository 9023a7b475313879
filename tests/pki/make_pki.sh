#!/bin/sh
# Makes a throw-away public key infrastructure for tests: make_pki.sh DIR
#
# Everything lies flat in DIR (made when missing) under the same names every time. Unless the table
# says otherwise a certificate is valid from 2020-01-01 to 2049-12-31, so that tests may choose any
# clock between, and is an EC P-256 end entity below the intermediate that may sign
# (digitalSignature, nonRepudiation). Private keys are PEM (PKCS#8) without a passphrase.
#
#   root.key root.pem                  self-signed CA, the trust anchor
#   intermediate.key intermediate.pem  CA below it, which issues the leaves
#   chain.pem                          intermediate, then root
#   crl.pem root-crl.pem               revocation lists of intermediate (holds `revoked`) and root
#   root-crl-later.pem                 a list of root on which intermediate is revoked on 2030-01-01
#   crl-old.pem                        a list of intermediate from 2023, out of date, naming nobody
#   NAME.key NAME.pem                  the leaves:
#     good-ec          P-256; also good-ec.p12 (key, certificate, chain) and good-ec-encrypted.key
#                      (the same key in encrypted PKCS#8); the passphrase of both is "secret"
#     good-ec384       P-384
#     good-rsa         RSA 3072
#     good-rsa-pss     RSA 3072, bound to RSASSA-PSS
#     expired          valid in 2020 only
#     not-yet-valid    valid in 2049 only
#     revoked          revoked on 2024-01-01, keyCompromise
#     wrong-usage      keyUsage keyEncipherment only
#     tsa              extendedKeyUsage timeStamping, critical
#     tsa-other        the same, another authority
#     tsa-expired      the same, valid in 2020 only
#     tsa-not-yet-valid  the same, valid in 2049 only
#     tsa-revoked      the same, revoked on 2024-01-01, keyCompromise
#     tsa-revoked-later  the same, by that list revoked on 2048-01-01
#     tsa-not-critical extendedKeyUsage timeStamping, not critical
#     tsa-two-usages   extendedKeyUsage timeStamping and codeSigning, critical
#     tsa-unknown-usage  extendedKeyUsage timeStamping and 1.2.3.4, critical
#     tsa-wrong-key    extendedKeyUsage timeStamping, critical; keyUsage also keyEncipherment
#     tsa-untrusted    like tsa, issued by other-root
#     tsa-rsa2048      like tsa, with the key of weak-rsa
#     tsa-2030 tsa-2040  like tsa, valid from 2020 until the end of 2029 and of 2039
#     weak-rsa         RSA 2048
#     ed25519          Ed25519
#     self-signed      P-256, issued by itself
#     untrusted        issued by other-root, a CA nobody trusts (other-root.key, other-root.pem)
#     recipient-ec     P-256, keyAgreement
#     recipient-rsa    RSA 3072 (the key of good-rsa: making RSA keys is slow), keyEncipherment
set -eu
umask 077
[ $# -eq 1 ] || { echo "usage: make_pki.sh DIR" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
work=$(mktemp -d ./.work-XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/issued"

cat > "$work/ca.cnf" <<END
[ca]
default_ca = authority
[authority]
new_certs_dir = $work/issued
database = $work/index.txt
rand_serial = yes
default_md = sha256
default_days = 365
default_crl_days = 30
policy = any
unique_subject = no
crl_extensions = crl
copy_extensions = none
[any]
countryName = optional
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[self_signed]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
[encipherment]
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyEncipherment
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[agreement]
basicConstraints = critical, CA:FALSE
keyUsage = critical, keyAgreement
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa_not_critical]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = timeStamping
[tsa_two_usages]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping, codeSigning
[tsa_unknown_usage]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping, 1.2.3.4
[tsa_wrong_key]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = critical, timeStamping
[crl]
authorityKeyIdentifier = keyid
[req]
distinguished_name = empty
utf8 = yes
[empty]
END

# Only a failing command may speak.
quietly() {
    "$@" > "$work/log" 2>&1 || { echo "make_pki.sh: failed: $*" >&2; cat "$work/log" >&2; exit 1; }
}

new_key() { # NAME ALGORITHM
    case $2 in
        rsa:*)
            quietly openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:"${2#rsa:}" \
                -out "$1.key" ;;
        rsa-pss:*)
            quietly openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:"${2#rsa-pss:}" \
                -out "$1.key" ;;
        ed25519) quietly openssl genpkey -algorithm ED25519 -out "$1.key" ;;
        *) quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"$2" -out "$1.key" ;;
    esac
}

# Certifies NAME.key: NAME EXTENSIONS ISSUER [FROM UNTIL]; an issuer of the same name signs itself.
certify() {
    : > "$work/index.txt"
    quietly openssl req -new -config "$work/ca.cnf" -key "$1.key" \
        -subj "/C=VN/O=Test Agency/CN=$1" -out "$work/request.pem"
    if [ "$1" = "$3" ]; then
        quietly openssl ca -config "$work/ca.cnf" -batch -notext -in "$work/request.pem" -selfsign \
            -keyfile "$1.key" -extensions "$2" -startdate 20200101000000Z \
            -enddate 20491231235959Z -out "$1.pem"
    else
        quietly openssl ca -config "$work/ca.cnf" -batch -notext -in "$work/request.pem" \
            -keyfile "$3.key" -cert "$3.pem" -extensions "$2" -startdate "${4:-20200101000000Z}" \
            -enddate "${5:-20491231235959Z}" -out "$1.pem"
    fi
}

# The list ISSUER signs into FILE; revoked certificates stand in the index.
make_list() { # ISSUER FILE [FROM UNTIL]
    quietly openssl ca -config "$work/ca.cnf" -gencrl -keyfile "$1.key" -cert "$1.pem" \
        -crl_lastupdate "${3:-20240102000000Z}" -crl_nextupdate "${4:-20491231235959Z}" -out "$2"
}

leaf() { # NAME ALGORITHM [EXTENSIONS [FROM UNTIL]]
    new_key "$1" "$2"
    certify "$1" "${3:-signer}" intermediate ${4:+"$4" "$5"}
}

new_key root P-256
certify root root root
new_key intermediate P-256
certify intermediate intermediate root
cat intermediate.pem root.pem > chain.pem

leaf good-ec P-256
leaf good-ec384 P-384
leaf good-rsa rsa:3072
leaf good-rsa-pss rsa-pss:3072
leaf expired P-256 signer 20200101000000Z 20201231235959Z
leaf not-yet-valid P-256 signer 20490101000000Z 20491231235959Z
leaf wrong-usage P-256 encipherment
leaf tsa P-256 tsa
leaf tsa-other P-256 tsa
leaf tsa-expired P-256 tsa 20200101000000Z 20201231235959Z
leaf tsa-2030 P-256 tsa 20200101000000Z 20291231235959Z
leaf tsa-2040 P-256 tsa 20200101000000Z 20391231235959Z
leaf tsa-not-yet-valid P-256 tsa 20490101000000Z 20491231235959Z
leaf tsa-not-critical P-256 tsa_not_critical
leaf tsa-two-usages P-256 tsa_two_usages
leaf tsa-unknown-usage P-256 tsa_unknown_usage
leaf tsa-wrong-key P-256 tsa_wrong_key
leaf tsa-revoked P-256 tsa
leaf tsa-revoked-later P-256 tsa
leaf weak-rsa rsa:2048
cp weak-rsa.key tsa-rsa2048.key
certify tsa-rsa2048 tsa intermediate
leaf ed25519 ed25519
leaf recipient-ec P-256 agreement
cp good-rsa.key recipient-rsa.key
certify recipient-rsa encipherment intermediate

new_key self-signed P-256
certify self-signed self_signed self-signed
new_key other-root P-256
certify other-root root other-root
new_key untrusted P-256
certify untrusted signer other-root
new_key tsa-untrusted P-256
certify tsa-untrusted tsa other-root

revoke() { # NAME DATE
    serial=$(openssl x509 -in "$1.pem" -noout -serial)
    printf 'R\t491231235959Z\t%s,keyCompromise\t%s\tunknown\t/CN=%s\n' \
        "$2" "${serial#serial=}" "$1" >> "$work/index.txt"
}

leaf revoked P-256
: > "$work/index.txt"
make_list root root-crl.pem
make_list intermediate crl-old.pem 20230101000000Z 20230201000000Z
revoke intermediate 300101000000Z
make_list root root-crl-later.pem 20300102000000Z
: > "$work/index.txt"
revoke revoked 240101000000Z
revoke tsa-revoked 240101000000Z
revoke tsa-revoked-later 480101000000Z
make_list intermediate crl.pem

quietly openssl pkcs12 -export -inkey good-ec.key -in good-ec.pem -certfile chain.pem \
    -passout pass:secret -out good-ec.p12
quietly openssl pkcs8 -topk8 -in good-ec.key -passout pass:secret -out good-ec-encrypted.key
