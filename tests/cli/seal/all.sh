# Everything of a case in one package: what is said, what is inside, and that others can read it.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" -o out.asice | masked
[ "$(sha256sum <out.asice | cut -c1-64)" = "$(evidence-custody log --case case --json |
    grep -o '"file_sha256":"[0-9a-f]*"' | cut -d'"' -f4 | sort -u)" ]
stat -c %a out.asice
unzip -Z1 out.asice | sed -E 's/[0-9a-f]{64}/FINGERPRINT/'
echo '-- others'
dd if=out.asice bs=1 skip=30 count=39 status=none && echo
python3 -m zipfile -t out.asice
unzip -tqq out.asice
unzip -q out.asice -d bag
xmllint --noout bag/META-INF/ASiCManifest001.xml bag/META-INF/ASiCManifest002.xml
cmp disk.img bag/data/000001.bin
tar -tf bag/data/000002.tar
echo '-- only what no earlier package has'
evidence-seal --case case --new "${signer[@]}" -o second.asice || echo "exit $?"
echo more | acquire --item PIPE-1 -
evidence-seal --case case --new "${signer[@]}" -o second.asice | masked
unzip -p second.asice package.json | grep -o '"previous":{"file_sha256":"[0-9a-f]*"' |
    grep -qF "$(sha256sum <out.asice | cut -c1-64)"
echo '-- by name'
evidence-seal --case case --item PIPE-1 --item DISK-1 "${signer[@]}" -o third.asice --json |
    grep -o '"items":[^]]*]'
ls -A
