# README.txt of a disclosure holds the commands that check where it comes from: run as they stand
# they are silent about a good one, and name what was changed in a forged one.
. "$TESTS/cli/seal/small_case.bash"
for i in $(seq 9); do echo "file $i" >tree/$i; done
acquire --item TREE-2 tree
evidence-seal --case case --all "${signer[@]}" --quiet -o full.asice
echo black >black.txt
part() { # NAME PACKAGE OPTION...
    evidence-seal --case case --from "$2" "${@:3}" "${signer[@]}" --quiet -o "$1.asice" \
        2>/dev/null
    unzip -p "$1.asice" README.txt | sed -n '/PowerShell/q; s/^    //p' >whole.commands
    unzip -p "$1.asice" README.txt |
        sed -n '/^WHAT IS GIVEN/,/^Who sealed each/s/^    //p' >"$1.commands"
}
# What is unpacked is changed by the commands; a giver would have signed that anew.
check() { # NAME [COMMANDS...]
    echo "-- $*"
    rm -rf box && mkdir box && cp ca.pem box
    (cd box && mkdir unpacked && cd unpacked && unzip -q "../../$1.asice" && eval "${2-}")
    for shell in bash dash; do
        (cd box && "$shell" "../$1.commands" 2>&1) |
            sed -E '/:error:/d; s/(ORIGINAL: \{).*("kind":"[^"]*").*/\1\2/'
    done | sort | uniq -c | sed 's/^ *//'
}
digest() { sha256sum <"$1" | cut -c1-64; }
part blind full.asice --only TREE-1/nothing --only TREE-2/3 --replace TREE-2/4=black.txt \
    --reason x --blind
grep -c 'xxd' blind.commands
echo '-- as it was given, together with the commands for every package'
mkdir all && cp blind.asice ca.pem all
(cd all && bash -eu ../whole.commands && bash -eu ../blind.commands)
check blind
check blind 'echo forged >data/000002.bin'
check blind 'echo more >data/000009.bin'
check blind 'echo forged >data/000002.bin
    sed -i "2s/$(digest ../../tree/3)/$(digest data/000002.bin)/" items.jsonl'
check blind 'sed -i "1s/\"path\":\[\"./\"path\":[\"x/" origin/proofs.jsonl'
check blind 'sed -i "2s/\"size_bytes\":7/\"size_bytes\":8/" items.jsonl'
check blind 'sed -i "2s/\"index\":\([0-9]*\)/\"index\":9\1/" origin/proofs.jsonl'
check blind 'sed -i "2d" origin/proofs.jsonl'
check blind 'sed -i "1s/.*/99/;2s/.*/99/" origin/items.checkpoint'
check blind 'sed -i "3s/\"of\":\"./\"of\":\"x/" items.jsonl'
check blind 'printf x >>origin/META-INF/ASiCManifest002.xml'
part named full.asice --only TREE-2 --range DISK-1:1-2 --range DISK-1:2097152-2600000 \
    --replace TREE-1/nothing=black.txt --reason x --named
check named
check named 'sed -i "s/TREE-1/TREE-3/" origin/items.jsonl'
check named 'sed -i "5s/TREE-2/TREE-1/" items.jsonl'
check named 'rm origin/custody/ledger.jsonl' 2>&1 | sed 's/^\([0-9]\).*ledger.jsonl.*/\1 ledger.jsonl/'
check named 'printf x >>origin/META-INF/ASiCManifest001.xml'
check named 'echo x >origin/pieces/000009.txt'
echo '-- the bytes of a range, of a tree, and what a copy stands for'
check named 'old=$(digest data/000001.bin); head -c 1048576 /dev/zero >data/000001.bin
    sed -i "1s/$old/$(digest data/000001.bin)/" items.jsonl'
check named 'old=$(digest data/000004.tar)
    printf x | dd of=data/000004.tar bs=1 seek=600 conv=notrunc status=none
    sed -i "s/$old/$(digest data/000004.tar)/" items.jsonl' | sed 's/^2 NOT IN/NOT IN/'
check named 'sed -i "3s/\"of\":\"..../\"of\":\"beef/" items.jsonl'
echo '-- parts of parts, each level in its own form'
part bb blind.asice --only TREE-2 --blind
check bb
check bb 'sed -i "1s/\"record\":.*/\"record\":{}}/" origin/origin/proofs.jsonl'
check bb 'rm -r origin/origin
    sed -i "/^from origin/d; /^blind origin.origin/d; s/^first .*/first origin/" ../../bb.commands'
part bn blind.asice --only TREE-2/3 --replace TREE-1/nothing=black.txt --reason y --named
check bn
check bn 'sed -i "1s/\"size_bytes\":[0-9]*/\"size_bytes\":9/" origin/items.jsonl'
part nb named.asice --only TREE-2 --blind
check nb
part nn named.asice --only DISK-1 --only TREE-2 --named
check nn
check nn 'old=$(digest data/000001.bin); head -c 1048576 /dev/zero >data/000001.bin
    sed -i "s/$old/$(digest data/000001.bin)/" items.jsonl origin/items.jsonl'
part nnb nn.asice --only TREE-2/5 --blind
check nnb
part bnn bn.asice --only TREE-2 --named
check bnn
