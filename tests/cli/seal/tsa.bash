# A small case, the certificates of tests/pki and an authority at $tsa (tests/pki/tsa_server.py),
# which ends with the case.
. "$TESTS/cli/seal/small_case.bash"
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
"$TESTS/pki/make_pki.sh" pki
python3 "$TESTS/pki/tsa_server.py" pki port & server=$!
trap 'kill $server' EXIT
for _ in $(seq 100); do
    [ -e port ] && break
    sleep 0.1
done
tsa=http://127.0.0.1:$(cat port)
# Without the port, which differs from run to run, and without times.
unported() {
    sed -E "s#127\.0\.0\.1:[0-9]+#TSA#g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g"
}
