# --require: what is only said otherwise makes the verdict INDETERMINATE.
package=$TESTS/vectors/sample-v1.asice
trust=(--trust-anchor "$TESTS/vectors/sample-ca.crt")
for what in timestamp outside-head signed-events complete-acquisition signers=1 signers=2 \
    signed-events,signers=1,timestamp; do
    status=0
    evidence-verify "$package" "${trust[@]}" --require "$what" >report || status=$?
    echo "$what: exit $status"
    sed -n 's/^indeterminate: /  /p' report
done
evidence-verify "$package" "${trust[@]}" --require everything || echo "exit $?"
evidence-verify "$package" "${trust[@]}" --require signers=none
