# A plain bag made with stock tools, as a folder and serialized.
mkdir -p bag/data/dir
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' >bag/bagit.txt
echo 'a letter' >bag/data/letter.txt
echo '100 %' >'bag/data/dir/100%.txt'
printf 'Contact-Name: A. Clerk\nPayload-Oxum: 15.2\n' >bag/bag-info.txt
(
    cd bag
    for tool in sha256 sha512; do
        find data -type f -print0 | sort -z | xargs -0 ${tool}sum | sed 's/%/%25/' \
            >manifest-$tool.txt
    done
    sha256sum bagit.txt bag-info.txt manifest-*.txt >tagmanifest-sha256.txt
)
evidence-verify bag
evidence-verify --verbose bag/
tar -czf bag.tar.gz bag
zip -qr bag.zip bag
mv bag.zip other.zip
evidence-verify bag.tar.gz
evidence-verify other.zip
evidence-verify --json bag.tar.gz | python3 -c 'import json, sys
report = json.load(sys.stdin)
print(json.dumps(report["bag"], indent=1))
print(report["kind"], report["verdict"], report["layers"]["signature"])'
echo '-- who expects a signature is told that there is none'
evidence-verify bag.tar.gz --trust-anchor "$TESTS/vectors/sample-ca.crt" || echo "exit $?"
echo '-- and under the name of a package only a package passes'
cp other.zip other.asice
evidence-verify other.asice -q || echo "exit $?"
cp bag.tar.gz bag.asice
evidence-verify bag.asice 2>&1 || echo "exit $?"
evidence-verify other.zip --extract out 2>&1 || echo "exit $?"
