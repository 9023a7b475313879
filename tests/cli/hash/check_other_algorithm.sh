# Digests without a tag that are as long as those of SHA-2 and are not: a hint, and the cure.
echo content >a
echo more >b
evidence-hash -a sha3-256 a b >list
evidence-hash --check list || echo "exit $?"
evidence-hash --check list -a sha3-256
echo '-- a tag, and the name of a manifest, say it'
evidence-hash -a sha3-256 --format bsd a | evidence-hash --check -
evidence-hash -a sha3-256 --format bagit a >manifest-sha3256.txt
evidence-hash --check manifest-sha3256.txt
evidence-hash -a blake2b512 --format bagit a >manifest-blake2b512.txt
evidence-hash --check manifest-blake2b512.txt
