# A source that cannot be read: byte and sector are said, nothing is kept, the failure is an event.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
evidence-acquire --case case --item MEM-1 /proc/self/mem 2>&1 |
    sed 's|/proc/[0-9]*|/proc/N|' || true
find case/items -mindepth 1
evidence-custody log --case case --json | grep -o '"detail":{"error":"[^"]*' |
    sed 's|/proc/[0-9]*|/proc/N|'
