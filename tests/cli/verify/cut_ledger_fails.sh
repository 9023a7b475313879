# The end of a ledger is cut off behind the back of its triggers; the case's own checkpoint knows.
evidence-custody identity --name Signer --out-key key --out-cert cert >/dev/null 2>&1
signer=(--key key --cert cert)
evidence-custody -q init case --case-number V-2 --title Cut --officer O "${signer[@]}" >/dev/null
printf 'a note' >note.txt
evidence-acquire -q --case case --item NOTE-01 "${signer[@]}" note.txt >/dev/null 2>&1
evidence-custody -q record --case case --type move --item NOTE-01 "${signer[@]}" >/dev/null
evidence-custody -q checkpoint --case case "${signer[@]}" >/dev/null
sqlite3 -cmd '.dbconfig enable_trigger off' case/custody.db 'delete from event where seq >= 2' \
    2>/dev/null >/dev/null
evidence-verify --json case --trust-anchor cert | grep -o '"code":"custody.head[a-z-]*"'
# And an item that the store has forgotten.
sqlite3 -cmd '.dbconfig enable_trigger off' case/custody.db 'delete from item' >/dev/null
evidence-verify --json case --trust-anchor cert | grep -o '"code":"custody.item[a-z-]*"'
