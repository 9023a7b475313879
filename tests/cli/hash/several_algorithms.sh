# With several algorithms each line names its own, in the order asked for.
printf x >file
evidence-hash -a sha512,md5,sha256,sha3-256,blake2b512,sha1,sha384,md5 file
evidence-hash -a md5,sha1 file | evidence-hash -c -
