# Lists and names made so that files would go unchecked.
tried() {
    status=0
    "$@" || status=$?
    echo "exit $status"
}
echo '-- names that look like keywords of mtree'
mkdir keywords && cd keywords
echo 1 >' size=1'
echo 2 >evidence.doc
evidence-hash * >../list
tried evidence-hash --check ../list
echo changed >evidence.doc
tried evidence-hash --check ../list
cd ..
echo '-- a list from standard input that names it'
evidence-hash keywords/evidence.doc >good
empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
{ echo "$empty  -"; cat good; } | tried evidence-hash --check -
echo '-- a file called -, in a specification'
echo dash >./-
evidence-hash --format mtree ./- >mtree
tried evidence-hash --check mtree </dev/null
echo '-- a comment that would continue'
{ echo '#mtree'; echo '# \'; evidence-hash --format mtree keywords/evidence.doc | tail -1; } >mtree
tried evidence-hash --check mtree
echo '-- another size'
evidence-hash --format hashdeep keywords/evidence.doc | sed 's/^8,/9,/' >deep
tried evidence-hash --check deep
tried evidence-hash --json --check deep
tried evidence-hash --audit deep keywords/evidence.doc
echo '-- one name with two contents'
{ cat good; echo "$empty  keywords/evidence.doc"; } >twice
tried evidence-hash --audit twice keywords/evidence.doc
echo '-- a list in UTF-16, and one with a mark of UTF-8'
iconv -t UTF-16 good >utf16
tried evidence-hash --check utf16
{ printf '\357\273\277'; cat good; } >marked
tried evidence-hash --check marked
