# The ledger learns of a package that was finished just before a crash, once, and of no other.
. "$TESTS/cli/seal/small_case.bash"
cp -a case before
evidence-seal --case case --all "${signer[@]}" --quiet -o out.asice
echo '-- the ledger as if the crash had come before the event'
rm -r case && mv before case
evidence-seal --record out.asice --case case "${signer[@]}" | masked
evidence-seal --record out.asice --case case | masked
evidence-seal --record out.asice --case case --json | grep -o '"events":[^]]*]'
evidence-custody log --case case --json | grep -c '"type":"seal"'
echo '-- a damaged one, one of another case, none at all'
(head -c 100 out.asice; printf X; tail -c +102 out.asice) >damaged.asice
evidence-seal --record damaged.asice --case case 2>&1 || echo "exit $?"
evidence-custody init other --case-number O-1 --title Other "${signer[@]}" --quiet >/dev/null
evidence-seal --record out.asice --case other 2>&1 || echo "exit $?"
evidence-seal --record disk.img --case case 2>&1 || echo "exit $?"
evidence-seal --record absent.asice --case case 2>&1 || echo "exit $?"
