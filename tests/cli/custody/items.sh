# Events about items: one each, found again by item; a correction goes where its event went.
evidence-custody init case --case-number 1 --title T --officer A --quiet
printf 'one' >one.txt
printf 'two' >two.txt
evidence-acquire --case case --item USB-01 --quiet one.txt >/dev/null
evidence-acquire --case case --item USB-02 --quiet two.txt >/dev/null
evidence-custody record --case case --type check_out --item USB-01 --item USB-02 --to Lab --quiet
evidence-custody record --case case --type correction --corrects 4 --reason 'not USB-02' --quiet
evidence-custody record --case case --type correction --corrects 3 --item USB-02 --quiet
evidence-custody record --case case --type correction --corrects 0 --quiet

echo '-- an unknown item among known ones: nothing is written'
evidence-custody record --case case --type move --item USB-01 --item USB-03 || echo "exit $?"
evidence-custody record --case case --type move --item usb-01 || echo "exit $?"

for item in USB-01 USB-02; do
    evidence-custody log --case case --item $item |
        sed -E 's/20[0-9-]+T[0-9:.]+Z/TIME/; s/[0-9a-f]{64}/LINK/'
done
evidence-custody log --case case --item USB-02 --json | grep -o '"seq":[0-9]*'
evidence-custody log --case case --json | grep -o '"ledger":{[^}]*"size":[0-9]*}}' | grep -o \
    '"size.*'
