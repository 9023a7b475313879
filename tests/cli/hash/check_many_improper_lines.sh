# Only the first ten are shown, all are counted.
printf a >good
sha256sum good >list
seq 1000 >>list
evidence-hash -c list
