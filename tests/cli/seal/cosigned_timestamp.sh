# Co-signatures stand before the time-stamps, made at once or attached later, and have their own
# with --cades-t.
. "$TESTS/cli/seal/tsa.bash"
cat ca.pem pki/root.pem >anchors.pem
second=(--key pki/good-ec384.key --cert pki/good-ec384.pem --chain pki/chain.pem)
seal() { # NAME, then options
    name=$1
    shift
    evidence-seal --case case --all "${signer[@]}" "${second[@]}" -q -o $name.asice "$@" >/dev/null
}
check() { # PACKAGE
    unzip -l "$1" | awk '/META-INF.*[0-9]\.(p7s|tst)/ { print $4 }'
    evidence-verify "$1" --trust-anchor anchors.pem | sed -n '1p; /signature /p; /identity/p'
    rm -rf stock && mkdir stock && cp "$1" stock && cp anchors.pem stock/ca.pem
    unzip -p "$1" README.txt | sed -n '/PowerShell/q; s/^    //p' >commands.sh
    said=$(cd stock && bash ../commands.sh 2>&1) || true
    echo "openssl says: ${said:-nothing}"
}
seal now --timestamp "$tsa" --cades-t
check now.asice
openssl cms -cmsout -print -inform DER -in stock/unpacked/META-INF/signature101.p7s |
    grep -c id-smime-aa-timeStampToken

echo '-- later'
seal later --timestamp later
mkdir queries
evidence-seal --timestamp-query later.asice queries >/dev/null
for n in 003 004; do
    curl -s -H 'Content-Type: application/timestamp-query' \
        --data-binary @queries/timestamp$n.tsq -o queries/$n.tsr "$tsa"
done
evidence-seal --attach-timestamp later.asice queries/*.tsr >/dev/null
check later.asice
