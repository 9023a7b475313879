# A line that never ends is refused, not stored.
head -c 1000000 /dev/zero | tr '\0' a >list
evidence-hash -c list
