# The coreutils and OpenSSL accept our lists, and we accept theirs.
mkdir 'in'
for name in plain ' lead' 'par) = x' 'back\slash' "$(printf 'new\nline')" "$(printf 'a\rb')"; do
    printf %s "$name" >"in/$name"
done
for name in md5 sha1 sha256 sha384 sha512 b2; do
    case $name in b2) algorithm=blake2b512 ;; *) algorithm=$name ;; esac
    evidence-hash -a $algorithm -r in | "${name}sum" --strict --quiet -c -
    evidence-hash -a $algorithm --format bsd -r in | "${name}sum" --strict --quiet -c -
    "${name}sum" in/* | evidence-hash -q -a $algorithm --check -
    "${name}sum" -b in/* | evidence-hash -q -a $algorithm --check -
    "${name}sum" --tag in/* | evidence-hash -q --check -
done
# OpenSSL's own form escapes nothing, so its lists hold plain names only.
for name in md5 sha1 sha256 sha384 sha512 sha3-256 blake2b512; do
    openssl dgst -$name in/plain 'in/par) = x' | evidence-hash -q --check -
    openssl dgst -r -$name in/plain | evidence-hash -q -a $name --check -
done
echo holds
