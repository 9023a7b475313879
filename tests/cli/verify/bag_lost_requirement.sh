# A bag has no time-stamp: asking for one is never answered with a pass.
mkdir -p bag/data
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' >bag/bagit.txt
echo 'a letter' >bag/data/letter.txt
(cd bag && sha256sum data/letter.txt >manifest-sha256.txt)
evidence-verify --require timestamp bag
