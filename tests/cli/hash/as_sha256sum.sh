# Our lines are those of the coreutils, byte for byte, for every name.
printf x >plain
printf x >'two  spaces '
printf x >' lead'
printf x >'par) = x'
printf x >'back\slash'
printf x >'back\nslash'
printf x >'*star'
printf x >"$(printf 'new\nline')"
printf x >"$(printf 'carriage\rreturn\r')"
printf x >"$(printf 'esc\033[31m')"
printf x >"$(printf 'not\377utf8')"
printf x >./-
set -- ./*
for name in md5 sha1 sha256 sha384 sha512; do
    "${name}sum" "$@" >theirs
    evidence-hash -a "$name" "$@" | cmp - theirs
    "${name}sum" --tag "$@" >theirs
    evidence-hash -a "$name" --format bsd "$@" | cmp - theirs
    "${name}sum" -z "$@" >theirs
    evidence-hash -a "$name" -0 "$@" | cmp - theirs
done
b2sum "$@" >theirs
evidence-hash -a blake2b512 "$@" | cmp - theirs
b2sum --tag "$@" >theirs
evidence-hash -a blake2b512 --format bsd "$@" | cmp - theirs
evidence-hash -a sha3-256 plain | cut -c 1-64 >ours
openssl dgst -sha3-256 -r plain | cut -c 1-64 | cmp - ours
echo "same $(ls | wc -l) names"
