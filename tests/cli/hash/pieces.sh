# Digests of pieces, as lines, as sectors for Atola's tools, as JSON.
head -c 2500 /dev/zero >zeros
evidence-hash --pieces 1KiB zeros
evidence-hash --pieces 1024 -a md5 --format atola zeros
evidence-hash --pieces 2KiB --json zeros
evidence-hash --pieces 1KiB <zeros
head -c 1024 /dev/zero | sha256sum | cut -c1-64
echo '-- refused'
evidence-hash --pieces 0 zeros || echo "exit $?"
evidence-hash --pieces 1000 --format atola zeros || echo "exit $?"
evidence-hash --pieces 1KiB --format bsd zeros || echo "exit $?"
evidence-hash --pieces 1KiB -r . || echo "exit $?"
evidence-hash --format atola zeros || echo "exit $?"
