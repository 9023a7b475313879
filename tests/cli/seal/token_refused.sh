# What can be wrong with a key on a token has a message of its own, and nothing is left behind.
. "$TESTS/cli/seal/small_case.bash"
. "$TESTS/tokens/token.bash"
"$TESTS/pki/make_pki.sh" pki
put ec 01 pki/good-ec.key pki/good-ec.pem
put alone 02 pki/good-ec384.key
put stranger 03 pki/self-signed.key pki/good-rsa.pem
put usage 04 pki/wrong-usage.key pki/wrong-usage.pem
put weak 05 pki/weak-rsa.key pki/weak-rsa.pem
put expired 06 pki/expired.key pki/expired.pem
put twin 07 pki/untrusted.key
put twin 08 pki/untrusted.key
one_try=$(dirname "$(command -v evidence-seal)")/one_try_token.so
echo 9999 >wrong

try() { # WHAT, then options
    echo "-- $1"
    shift
    status=0
    evidence-seal --case case --all -q -o out.asice "$@" >said 2>&1 || status=$?
    unserialled <said | sed -E "s#$one_try#ONE-TRY#g; s#[0-9T:.-]+Z between#NOW between#"
    echo "exit $status"
    [ ! -e out.asice ]
}
key() { echo "pkcs11:token=Office%207;object=$1"; }

try 'wrong PIN' --key "$(key ec)" --key-password wrong
try 'empty PIN' --key "$(key ec)" --key-password /dev/null
try 'no PIN and nobody to ask' --key "$(key ec)"
try 'no token of that name' --key 'pkcs11:token=Office%208;object=ec' --key-password pin
try 'no key of that name' --key "$(key nobody)" --key-password pin
try 'two keys of that name' --key "$(key twin)" --key-password pin
try 'no certificate beside it' --key "$(key alone)" --key-password pin
try 'certificate of another key' --key "$(key stranger)" --key-password pin
try 'certificate file of another key' --key "$(key ec)" --key-password pin --cert pki/good-rsa.pem
try 'no such certificate' --key "$(key ec)" --key-password pin --cert "$(key nobody)"
try 'wrong key usage' --key "$(key usage)" --key-password pin
try 'weak key' --key "$(key weak)" --key-password pin
try 'expired certificate' --key "$(key expired)" --key-password pin
try 'PIN in the URI' --key "$(key ec)?pin-value=1234"
try 'place of the PIN in the URI' --key "$(key ec)?pin-source=file:pin"
try 'attribute nobody knows' --key "$(key ec);colour=red" --key-password pin
try 'no module' --key "$(key ec)?module-path=/nowhere/module.so" --key-password pin
try 'no PKCS#11 module' --key "$(key ec)?module-path=$TESTS/cli/run_case.sh" --key-password pin |
    sed "s#$TESTS#TESTS#g"
EVIDENCE_PKCS11_MODULE='' try 'module not named' --key "$(key ec)" --key-password pin
OPENSSL_ENGINES=/nowhere try 'no engine' --key "$(key ec)" --key-password wrong
new_token 'Office 7'
try 'two tokens of that name' --key "$(key ec)" --key-password pin

echo '== a card that one wrong PIN locks is asked once'
serial=$(pkcs11-tool --module $softhsm -L | sed -n 's/ *serial num *: *//p' | head -1)
card="pkcs11:serial=$serial;object=ec?module-path=$one_try"
try 'wrong PIN' --key "$card" --key-password wrong
try 'locked' --key "$card" --key-password pin
