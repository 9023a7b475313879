# A case whose object was changed after acquisition.
evidence-custody --quiet init case --case-number V-1 --title Trial --officer Tester >/dev/null 2>&1
printf 'a note' >note.txt
evidence-acquire --quiet --case case --item NOTE-01 note.txt >/dev/null 2>&1
printf 'A' | dd of=case/items/NOTE-01/file.bin bs=1 conv=notrunc status=none
evidence-verify case
