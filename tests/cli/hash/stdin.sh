# Standard input: without a name, and as -.
printf abc | evidence-hash
printf abc | evidence-hash -
printf abc | evidence-hash -j 1 -a sha1 -
evidence-hash </dev/null
head -c 20000000 /dev/zero | evidence-hash -a md5,sha256
head -c 20000000 /dev/zero | md5sum
head -c 20000000 /dev/zero | sha256sum
