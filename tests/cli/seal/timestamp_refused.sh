# What an authority can do wrong: an error with the reason, and no package.
. "$TESTS/cli/seal/tsa.bash"
attempt() {
    path=$1
    shift
    { evidence-seal --case case --all "${signer[@]}" -q -o out.asice --timestamp "$tsa$path" "$@" \
        2>&1 || echo "exit $?"; } | unported
    [ ! -e out.asice ] || echo 'a package is there'
}
for path in /rejected /replay /nonce /cut /html /moved /broken; do
    echo "-- $path"
    attempt $path
done
echo '-- never ending'
attempt /huge
echo '-- slow'
attempt /slow --timestamp-timeout 1
timeout --preserve-status -s INT 1 evidence-seal --case case --all "${signer[@]}" -q -o out.asice \
    --timestamp "$tsa/slow" 2>&1 || echo "exit $?"
echo '-- not in the clear'
evidence-seal --case case --all "${signer[@]}" -q -o out.asice --timestamp "${tsa/http/https}/" \
    2>&1 | unported
echo '-- untrusted'
attempt /untrusted --tsa-anchor pki/root.pem
echo '-- a policy it does not have'
attempt / --timestamp-policy 1.2.3.9
echo '-- no policy'
attempt / --timestamp-policy gold
echo '-- not there'
kill $server
wait $server 2>/dev/null || true
trap - EXIT
attempt /
ls
echo '-- no URL'
attempt2() {
    evidence-seal --case case --all "${signer[@]}" -o out.asice --timestamp "$1" 2>&1 ||
        echo "exit $?"
}
attempt2 ftp://tsa.example/
attempt2 http://user:secret@tsa.example/
attempt2 soon
