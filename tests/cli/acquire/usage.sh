# What is refused before anything is read, and with which status.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
printf 'evidence' >f
mkdir folder
mkfifo fifo
refused() {
    { evidence-acquire "$@" 2>&1 && echo "accepted: $*" || echo "exit $?"; } | sed "s|$PWD|HERE|g"
}
refused --case case
refused --case nowhere f
(mkdir elsewhere && cd elsewhere && refused ../f)
refused --case case absent
refused --case case fifo
refused --case case /dev/null
refused --case case --item '../x' f
refused --case case --format tar f
refused --case case --format raw folder
refused --case case --format e01 f
refused --case case --digest sha256,crc f
refused --case case --require-read-only f
refused --case case --require-read-only - <f
refused --case case --description $'two\nlines' f
refused --case case --source-clock-offset soon f
refused --case case .
refused --case case --cert f f
evidence-acquire --case case --item A-1 --quiet f
refused --case case --item a-1 f
refused --case case --item a-1 --json f
echo '-- none of that is an event'
evidence-custody log --case case | awk '{print $3}' | sed '1d;$d'
find case/items -name '.*'
