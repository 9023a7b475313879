# A package from a pipe gets the verdict of a file, and leaves nothing behind.
package=$TESTS/vectors/sample-v1.asice
trust=(--trust-anchor "$TESTS/vectors/sample-ca.crt")
mkdir scratch
export TMPDIR=$PWD/scratch
cat "$package" | evidence-verify - "${trust[@]}" >piped
evidence-verify - "${trust[@]}" <"$package" >redirected
cp "$package" ./-
evidence-verify ./- "${trust[@]}" | sed 's|\./-|-|' >file
cmp piped file && cmp redirected file && head -n 1 piped
head -c 5000 "$package" | evidence-verify - "${trust[@]}" -q || echo "cut short: exit $?"
ls -A scratch
echo 'no package' | evidence-verify -
