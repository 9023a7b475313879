# A list without any checksum line is malformed input.
seq 3 >list
evidence-hash -c list --json
