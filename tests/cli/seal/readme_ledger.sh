# The commands of README.txt that check the signature of an event in the custody ledger.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" --quiet -o out.asice
unzip -q out.asice -d unpacked
sed -n '/^THE CUSTODY LEDGER/,$s/^    //p' unpacked/README.txt >commands.sh
cd unpacked
bash -eu ../commands.sh
sed 's/^n=1/n=3/' ../commands.sh >../third.sh
bash -eu ../third.sh
sed -i '3s/"place":""/"place":"x"/' custody/ledger.jsonl
bash -u ../third.sh 2>/dev/null || echo "exit $?"
