# README.txt of a disclosure holds the commands that check where it comes from: run as they stand
# they are silent about a good one, and name what was changed in a forged one.
. "$TESTS/cli/seal/small_case.bash"
for i in $(seq 9); do echo "file $i" >tree/$i; done
acquire --item TREE-2 tree
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice
echo black >black.txt
part() { # NAME OPTION...
    evidence-seal --case case --from "$2" "${@:3}" "${signer[@]}" --quiet -o "$1.asice"
    unzip -p "$1.asice" README.txt | sed -n '/PowerShell/q; s/^    //p' >whole.commands
    unzip -p "$1.asice" README.txt |
        sed -n '/^WHAT IS GIVEN/,$s/^    //p' >"$1.commands"
}
check() { # NAME [COMMANDS...]: with what is unpacked changed by the commands
    echo "-- $*"
    rm -rf box && mkdir box && cp ca.pem box
    (cd box && mkdir unpacked && cd unpacked && unzip -q "../../$1.asice" && eval "${2-}")
    for shell in bash dash; do
        (cd box && "$shell" "../$1.commands" 2>&1) | sed -E '/:error:/d; s/(ORIGINAL: \{).*("name":"[^"]*").*/\1\2/'
    done | sort | uniq -c | sed 's/^ *//'
}
part blind full.asice --only TREE-1/nothing --only TREE-2/3 --replace TREE-2/4=black.txt \
    --reason x --blind
grep -c 'xxd' blind.commands
echo '-- as it was given, together with the commands for every package'
mkdir all && cp blind.asice ca.pem all
(cd all && bash -eu ../whole.commands && bash -eu ../blind.commands)
check blind
check blind 'sed -i "1s/\"path\":\[\"./\"path\":[\"x/" origin/proofs.jsonl'
check blind 'sed -i "2s/\"size_bytes\":7/\"size_bytes\":8/" items.jsonl'
check blind 'sed -i "2s/\"index\":\([0-9]*\)/\"index\":9\1/" origin/proofs.jsonl'
check blind 'sed -i "2d" origin/proofs.jsonl'
check blind 'sed -i "1s/.*/99/;2s/.*/99/" origin/items.checkpoint'
check blind 'sed -i "3s/\"of\":\"./\"of\":\"x/" items.jsonl'
check blind 'printf x >>origin/META-INF/ASiCManifest002.xml'
part named full.asice --only TREE-2 --range DISK-1:0-1 --named
check named
check named 'sed -i "s/TREE-1/TREE-3/" origin/items.jsonl'
check named 'sed -i "3s/TREE-2/TREE-1/" items.jsonl'
check named 'rm origin/custody/ledger.jsonl' 2>&1 | sed 's/^\([0-9]\).*ledger.jsonl.*/\1 ledger.jsonl/'
check named 'printf x >>origin/META-INF/ASiCManifest001.xml'
