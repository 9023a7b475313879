# Hash sets: made once beside the list, found after that, made again when the list changed.
echo one >one
echo two >two
evidence-hash one >set
evidence-hash --known set one two
evidence-hash --known set one two
echo '-- only these'
evidence-hash --known set --show known one two
evidence-hash --known set --show unknown one two
evidence-hash --known set --json one two
echo '-- of digests alone, of the library of NIST'
evidence-hash -a sha1 two | cut -d' ' -f1 >bare
evidence-hash --known bare one two --index bare.index
printf '"SHA-1","MD5","CRC32","FileName"\r\n"%s","%s","0","a"\r\n' \
    "$(sha1sum <one | cut -c1-40)" "$(md5sum <one | cut -c1-32)" >NSRLFile.txt
evidence-hash --known NSRLFile.txt one two
evidence-hash --known NSRLFile.txt -a md5 --index md5.index one two
echo '-- refused'
echo nothing >empty
evidence-hash --known empty one || echo "exit $?"
evidence-hash --known set -a md5,sha1 one || echo "exit $?"
echo mine >other.known
cp set other
evidence-hash --known other one || echo "exit $?"
cat other.known
ls
