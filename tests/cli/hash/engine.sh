# Every engine that works here gives the same digests; one that does not is refused.
mkdir t
for i in $(seq 300); do seq "$i" >t/$i; done
evidence-hash -r t >expected
for engine in openssl avx2 shani avx512; do
    if evidence-hash -r --engine $engine t >found 2>message; then
        cmp expected found
        evidence-hash -a md5,sha1,sha256 --engine $engine t/300 | wc -l
    else
        grep -q 'does not work here' message
        echo 3
    fi
done
evidence-hash --engine fastest t/1 || echo "exit $?"
