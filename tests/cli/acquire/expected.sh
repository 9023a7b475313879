# What a stream was announced to be: one that breaks off, goes on or differs is a failure, or kept
# with a mark where that was asked for; a source of known size is not even read.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
head -c 3000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
    -iv "$(printf '%032d' 0)" >data
digest=$(sha256sum <data | cut -c1-64)
other=$(printf '%064d' 0)
acquire() {
    evidence-acquire --case case --quiet --item "$@" 2>&1 || echo "exit $?"
}
record() { grep -o "\"$2\":{[^}]*}" "case/items/$1/acquisition.json" || echo "no $2"; }

echo '-- as announced'
cat data | acquire OK-1 --expect-size 3000000 --expect-sha256 "${digest^^}" -
record OK-1 expected
printf '%065536d' 0 | acquire OK-2 --expect-size 64KiB -
record OK-2 expected
acquire OK-3 --expect-size 3000000 --expect-sha256 "$digest" data
acquire OK-4 data
record OK-4 expected

echo '-- broken off, longer, other bytes'
head -c 2999999 data | acquire BAD-1 --expect-size 3000000 -
(cat data; printf x) | acquire BAD-2 --expect-size 3000000 -
cat data | acquire BAD-3 --expect-size 3000000 --expect-sha256 "$other" -
cat /dev/null | acquire BAD-4 --expect-size 1 --expect-sha256 "$other" -
acquire BAD-5 --expect-sha256 "$other" data | sed "s|$PWD|HERE|"
acquire BAD-6 --expect-size 3000001 data | sed "s|$PWD|HERE|"
acquire BAD-6 --expect-size 3000001 --keep-mismatch data | sed "s|$PWD|HERE|"
echo '-- a stream without end is given up'
acquire BAD-7 --expect-size 1MiB - </dev/zero
find case/items -mindepth 1 -name '*BAD*'
evidence-custody log --case case --json | grep -o '"type":"acquire_failed"' | wc -l
evidence-custody log --case case --json | grep -o 'expected 3000000 bytes, found 2999999)'

echo '-- kept on request'
head -c 2999999 data | evidence-acquire --case case --item KEPT-1 --expect-size 3000000 \
    --expect-sha256 "$digest" --keep-mismatch --json - >result 2>said || echo "exit $?"
grep -o '"as_expected":[a-z]*\|"complete":[a-z]*' result
cat said
record KEPT-1 expected
(cat data; printf x) | acquire KEPT-2 --expect-size 3000000 --keep-mismatch -
cat data | acquire KEPT-3 --expect-size 3000000 --keep-mismatch -
evidence-verify case | grep -E '^INDET|expectation' | sed 's/  */ /g' || true
evidence-custody identity --name Officer --out-key key --out-cert cert >/dev/null
evidence-seal --case case --item KEPT-1 --key key --cert cert --quiet -o out.asice
{ evidence-verify out.asice --trust-anchor cert || echo "exit $?"; } |
    grep -E '^(TOTAL|INDET|exit)|expectation' | sed 's/  */ /g'

echo '-- what makes no sense'
acquire USE-1 --keep-mismatch data
acquire USE-1 --expect-size 3x data
acquire USE-1 --expect-size 99999999999GiB data
acquire USE-1 --expect-sha256 abc data
mkdir folder
acquire USE-1 --expect-size 3 folder | sed "s|$PWD|HERE|"
