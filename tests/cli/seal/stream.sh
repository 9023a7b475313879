# A package through a pipe is as good as one in a file; what is said goes to standard error.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" -o - 2>said | cat >out.asice
masked <said
evidence-seal --record out.asice --case case | masked
unzip -tqq out.asice
echo '-- a full disk'
evidence-seal --case case --all "${signer[@]}" -o - >/dev/full || echo "exit $?"
echo '-- nobody reads'
(evidence-seal --case case --all "${signer[@]}" -o - || echo "exit $?" >&2) | true
evidence-custody log --case case --json | grep -c '"type":"seal"'
echo '-- a terminal'
script -qec "evidence-seal --case case --all ${signer[*]} -o -" /dev/null </dev/null |
    tr -d '\r'
