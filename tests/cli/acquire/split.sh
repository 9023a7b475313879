# An object in segments: on the disk, in a package, and put together again with stock tools.
evidence-custody init case --case-number S-1 --title Split --officer Lan --quiet >/dev/null
evidence-custody identity --name Lan --out-key key --out-cert cert >/dev/null
make() { # BYTES SEED
    head -c "$1" /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' "$2")" \
        -iv "$(printf '%032d' 0)"
}
make 10500000 1 >disk.bin
evidence-acquire --case case --item FILE-1 --split 3MiB --digest md5 disk.bin 2>/dev/null
ls case/items/FILE-1
cat case/items/FILE-1/file.0* | cmp - disk.bin && echo 'the same together'
stat -c %s case/items/FILE-1/file.0*
make 4M 2 | evidence-acquire --case case --item STREAM-1 --split 2MiB --json - 2>/dev/null |
    grep -o '"segments":[0-9]*'
printf 'short' | evidence-acquire --case case --item STREAM-2 --split 2MiB --quiet -
ls case/items/STREAM-1 case/items/STREAM-2
echo '-- sealed, verified, and checked with stock tools'
evidence-verify case | grep -E 'content|FAILED'
evidence-seal --case case --all --key key --cert cert --quiet -o out.asice
evidence-verify out.asice --trust-anchor cert | grep -E '^TOTAL|content'
unzip -q out.asice -d out && cd out
sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt
ls data pieces acquisition
cat data/000001.000 data/000002.001 data/000003.002 data/000004.003 | cmp - ../disk.bin &&
    echo 'the same together'
for object in 000001.000 000004.003; do
    split -b 1M --filter=sha256sum "data/$object" | cut -c1-64 | cmp - "pieces/${object%.*}.txt"
done
cd ..
echo '-- a changed segment is found, in the case and when it is sealed'
printf '!' | dd of=case/items/FILE-1/file.002 bs=1 seek=77 conv=notrunc status=none
evidence-verify case | grep -E '^failed' | sed 's/  */ /g'
evidence-seal --case case --item FILE-1 --key key --cert cert --quiet -o no.asice 2>&1 |
    sed -E 's/[0-9a-f]{64}/DIGEST/g' || true
rm case/items/FILE-1/file.003
evidence-verify case | grep -E '^failed' | sed 's/  */ /g' || true
echo '-- what cannot be'
for size in 0 1000000 1KiB 3 x 99999999999GiB; do
    evidence-acquire --case case --split "$size" disk.bin || echo "exit $?"
done 2>&1
truncate -s 2GiB hole
evidence-acquire --case case --split 1MiB hole 2>&1 | sed -E 's|/[^ ]*/work/|HERE/|g' || true
mkdir tree
evidence-acquire --case case --split 2MiB tree 2>&1 | sed -E 's|: /[^ ]*/|: HERE/|g' || true
