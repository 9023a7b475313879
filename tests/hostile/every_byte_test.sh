#!/usr/bin/env bash
# No single changed byte of a sealed package goes unnoticed; a changed byte in a signature file
# whose CRC was repaired is noticed, or changes nothing that anybody is told.
#
#   every_byte_test.sh BIN_DIR EVERY_BYTE
set -eu
PATH="$(realpath "$1"):$PATH"
every_byte=$(realpath "$2")
tests=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

"$tests/pki/make_pki.sh" pki
signer="--key pki/good-ec.key --cert pki/good-ec.pem --chain pki/intermediate.pem"
evidence-custody init case --case-number EB-1 --title "Every byte" --officer Tester >/dev/null
mkdir tree
printf 'twelve bytes' >tree/note.txt
printf 'a phone number' >phone.txt
# shellcheck disable=SC2086
{
    evidence-acquire --quiet --case case --item NOTE-01 $signer phone.txt
    evidence-acquire --quiet --case case --item TREE-01 $signer tree
    evidence-seal --quiet --case case --all $signer -o small.asice
} >/dev/null
"$every_byte" small.asice pki/root.pem
"$every_byte" small.asice pki/root.pem signatures
