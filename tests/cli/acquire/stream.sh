# Standard input, whatever it is and however it comes.
evidence-custody init case --case-number N-1 --title T --officer Lan --quiet >/dev/null
(printf 'one '; printf 'two') | evidence-acquire --case case --item PIPE-1 -
# What feeds it may have failed.
evidence-acquire --case case --item EMPTY-1 - </dev/null || echo "exit $?"
evidence-acquire --case case --item EMPTY-2 --expect-size 0 --quiet - </dev/null
python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 10000)' >data
cat data | evidence-acquire --case case --item PIPE-2 --quiet -
evidence-acquire --case case --item PIPE-3 --quiet - <data
cmp data case/items/PIPE-2/stream.img
cmp data case/items/PIPE-3/stream.img
split -b 1M --filter=sha256sum data | cut -c1-64 | cmp - case/items/PIPE-2/pieces.txt
grep -o '"source":{[^}]*}' case/items/PIPE-1/acquisition.json
