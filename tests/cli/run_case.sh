#!/usr/bin/env bash
# Runs one golden case: tests/cli/<tool>/<case>.sh against its .stdout, .stderr and .exit
# (missing: empty, empty, 0). With EVIDENCE_REWRITE=1 the expectations are written instead.
#
#   run_case.sh CASE.sh BIN_DIR
set -u
case_file=$(realpath "$1")
expected=${case_file%.sh}
export PATH="$(realpath "$2"):$PATH" TESTS="$(realpath "$(dirname "$0")/..")"
export TZ=UTC LC_ALL=C.UTF-8 SOURCE_CASE="$case_file"
unset LANGUAGE EVIDENCE_CASE EVIDENCE_KEY EVIDENCE_CERT EVIDENCE_CHAIN
unset EVIDENCE_PKCS11_MODULE PKCS11_MODULE_PATH OPENSSL_ENGINES

scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
mkdir "$scratch/work"
cd "$scratch/work" || exit 1
bash -eu "$case_file" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
status=$?

if [ "$status" -eq 77 ]; then  # what the case needs is not here; ctest says so
    cat "$scratch/stderr"
    exit 77
fi
if [ -n "${EVIDENCE_REWRITE:-}" ]; then
    for stream in stdout stderr; do
        rm -f "$expected.$stream"
        [ -s "$scratch/$stream" ] && cp "$scratch/$stream" "$expected.$stream"
    done
    rm -f "$expected.exit"
    [ "$status" -eq 0 ] || echo "$status" >"$expected.exit"
    exit 0
fi

failed=0
for stream in stdout stderr; do
    wanted=$expected.$stream
    [ -e "$wanted" ] || wanted=/dev/null
    diff -u --label "expected $stream" --label "actual $stream" "$wanted" "$scratch/$stream" ||
        failed=1
done
wanted_status=0
[ -e "$expected.exit" ] && wanted_status=$(cat "$expected.exit")
if [ "$status" != "$wanted_status" ]; then
    echo "exit status $status (expected $wanted_status)"
    failed=1
fi
exit $failed
