# Which files: from lists with newlines or NULs, by patterns.
mkdir -p t/a t/b
echo 1 >t/a/1.txt
echo 2 >t/b/2.txt
echo 3 >t/b/3.log
echo 4 >"two
lines"
printf 't/a/1.txt\n\nt/b/3.log\n' >list
evidence-hash --files-from list
find . -name 'two*' -print0 | evidence-hash --files-from -
echo '-- patterns'
evidence-hash -r --include '*.txt' t
evidence-hash -r --exclude b t
evidence-hash -r --include 't/*' t
evidence-hash --include '*.txt' t/a/1.txt || echo "exit $?"
evidence-hash --files-from absent || echo "exit $?"
