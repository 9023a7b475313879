# Also an empty folder gives a whole document.
mkdir t
evidence-hash --json -r t
