# What a terminal could act on is never printed as it is, wherever it comes from.
evidence-custody init case --case-number $'7\u202e8' --title 'a\b' --officer $'A\u200b' --quiet
evidence-custody record --case case --type move --reason $'over\u202eride' --quiet 2>&1
evidence-custody log --case case | sed -E 's/20[0-9-]+T[0-9:.]+Z/TIME/; s/[0-9a-f]{64}/LINK/'
