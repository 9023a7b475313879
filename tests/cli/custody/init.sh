# A new case: its folder, its modes, its first event; nothing is ever opened twice.
evidence-custody init case --case-number HN-2026-7 --title 'Vụ án số 7' --officer 'Nguyễn Văn A' \
    --authority 'Cục A05' --country VN --place 'Hà Nội' 2>init.log
sed 's/[0-9a-f]\{32\}/LEDGER/' init.log
(cd case && find . -printf '%m %p\n' | sort -k2)
cat case/case.json
evidence-custody log --case case | sed -E 's/20[0-9-]+T[0-9:.]+Z/TIME/; s/[0-9a-f]{64}/LINK/'

echo '-- again, over a file, over a full folder'
evidence-custody init case --case-number 1 --title T || echo "exit $?"
touch file
evidence-custody init file --case-number 1 --title T || echo "exit $?"
mkdir empty
evidence-custody init empty --case-number 1 --title T --officer A --quiet
