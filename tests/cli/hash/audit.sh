# The five answers, in words and as JSON, from a list of any form.
mkdir t
for name in same moved changed missing; do echo "$name" >t/$name; done
for form in sha256sum hashdeep jsonl; do evidence-hash -r --format $form t >$form; done
evidence-hash --audit sha256sum -r t
mv t/moved t/elsewhere
echo other >t/changed
rm t/missing
echo new >t/new
for form in sha256sum hashdeep jsonl; do
    echo "-- $form"
    evidence-hash --audit $form -r t || echo "exit $?"
done
echo '-- all of them'
evidence-hash --audit sha256sum -r t -v | grep matched
evidence-hash --audit sha256sum -r t --json | sed 's/},/},\n/g'
evidence-hash --audit sha256sum -r t --quiet | head -1
echo '-- through a pipe, and lists that are none'
evidence-hash t/same | evidence-hash --audit - t/same
evidence-hash --audit /dev/null t/same || echo "exit $?"
evidence-hash --audit absent t/same || echo "exit $?"
echo 'no list' >bad
evidence-hash t/same >>bad
evidence-hash --audit bad t/same || echo "exit $?"
