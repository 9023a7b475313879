# What cannot be meant is refused with status 2 and changes nothing.
refused() {
    if evidence-custody "$@"; then echo "accepted: $*"; else echo "exit $?"; fi
}
refused
refused frobnicate
refused init case --case-number 1
refused init case --case-number $'1\n2' --title T
refused init case --case-number 1 --title $'\e[31mred'
refused init case --case-number '' --title T
refused init case --case-number 1 --title T --country Vietnam
refused record --type move
refused log --case .
refused export --case . --format csv
ls
evidence-custody init case --case-number 1 --title T --officer A --quiet
refused record --case case --type chek_out
refused record --case case --type open
refused record --case case --type acquire
refused record --case case --type move --reason $'two\nlines'
refused record --case case --type move --to $'\x07'
refused record --case case --type move --at yesterday
refused record --case case --type move --at 2999-01-01T00:00:00Z
refused record --case case --type correction
refused record --case case --type move --corrects 0
refused record --case case --type correction --corrects 1
refused record --case case --type move --item USB-01
refused log --case case --item USB-01
refused checkpoint --case case
refused export --case case --format jsonl --json
evidence-custody log --case case | tail -n 1 | cut -c1-43
