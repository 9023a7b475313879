# What is there and cannot be compared is unreadable, not missing.
mkdir t
echo a >t/a
echo b >t/b
evidence-hash -r t >list
rm t/b
mkfifo t/b
evidence-hash --audit list t/a t/b || echo "exit $?"
evidence-hash --json --audit list t/a t/b || echo "exit $?"
