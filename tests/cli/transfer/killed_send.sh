# A send that is killed at any moment goes on with the same command, and leaves whole transfers.
. "$TESTS/cli/transfer/setup.bash"
seal_package
send_for() { # MILLISECONDS
    timeout -s KILL $(($1 / 1000)).$(printf %03d $(($1 % 1000))) evidence-transfer send \
        package.asice "${to[@]}" -q --case case "${sender[@]}"
} >/dev/null 2>&1
milliseconds=10
until send_for $milliseconds; do
    milliseconds=$((milliseconds * 5 / 4))
    for folder in channel/*; do
        [ "$folder" = 'channel/*' ] || evidence-verify "$folder" "${trust[@]}" >/dev/null
    done
done
[ -z "$(find channel -maxdepth 1 -name '.*.partial')" ]
[ -z "$(find case -name sending.json)" ]
count=0
for folder in channel/*; do
    evidence-verify "$folder" "${trust[@]}" >/dev/null
    count=$((count + 1))
done
[ "$(history case | grep -o offer | wc -l)" = $count ]
[ "$(history case | grep -o dispatch | wc -l)" = $count ]
cp -r "$folder" one
evidence-transfer receive one "${recipient[@]}" \
    --case other "${trust[@]}" -q -o out.asice >/dev/null
cmp package.asice out.asice
