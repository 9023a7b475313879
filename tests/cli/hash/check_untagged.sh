# A digest of 64 digits is SHA-256 and one of 128 is SHA-512 unless -a says otherwise.
printf x >f
openssl dgst -r -sha3-256 f >list
evidence-hash -q -c list || echo "exit $?"
evidence-hash -c list -a sha3-256
b2sum f >list
evidence-hash -c list -a blake2b512
evidence-hash -c list -a md5
