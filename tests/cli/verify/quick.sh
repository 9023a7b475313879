# --quick: the pieces of a large object instead of its digest; never more than INDETERMINATE.
cp "$TESTS"/vectors/sample-v1.asice sample.asice
trust=(--trust-anchor "$TESTS/vectors/sample-ca.crt")
evidence-verify --quick sample.asice "${trust[@]}" && exit 99
echo "exit $?"
# One byte in the second piece of the image.
offset=$(evidence-verify --json sample.asice "${trust[@]}" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["objects"][0]["offset_in_package_bytes"])')
printf X | dd of=sample.asice bs=1 seek=$((offset + 1500000)) conv=notrunc status=none
evidence-verify --quick sample.asice "${trust[@]}"
