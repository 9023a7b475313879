# The integrity check says of an unchanged image that it is unchanged, of a changed one that it is
# changed and where; the digests of its blocks are right.
evidence-custody init case --case-number C-1 --title T --officer Lan --quiet >/dev/null
head -c 5000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K "$(printf '%032d' 7)" \
    -iv "$(printf '%032d' 0)" >disk
evidence-acquire --case case --item DISK-1 --quiet disk
object=case/items/DISK-1/file.bin
check() { { evidence-verify case || echo "exit $?"; } |
    grep -E '^(TOTAL|INDET|exit)|digest|bytes' | sed 's/  */ /g'; }
echo '-- block digests'
split -b 1M --filter=sha256sum disk | cut -c1-64 | cmp - case/items/DISK-1/pieces.txt && echo right
echo '-- unchanged'
check
change() { # OFFSET
    python3 - "$object" "$1" <<'END'
import sys
with open(sys.argv[1], "r+b") as image:
    image.seek(int(sys.argv[2]))
    byte = image.read(1)
    image.seek(int(sys.argv[2]))
    image.write(bytes([byte[0] ^ 1]))
END
}
echo '-- one bit, in the third block and in the last byte'
change 2500000
change 4999999
check
change 2500000
change 4999999
echo '-- changed back'
check
echo '-- cut, and longer'
truncate -s 4999999 "$object"
check
truncate -s 5000001 "$object"
check
