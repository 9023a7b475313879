# Everything that is wrong with a bag is named, not only the first thing.
mkdir -p bag/data
printf 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n' >bag/bagit.txt
for name in whole damaged missing left-out; do echo $name >bag/data/$name; done
cd bag
md5sum -b data/* >manifest-md5.txt
echo '00000000000000000000000000000000  ../../etc/passwd' >>manifest-md5.txt
echo 'http://example.org/left-out 9 data/left-out' >fetch.txt
printf 'Contact-Name  :  A. Clerk\nPayload-Oxum: 1.1\n' >bag-info.txt
md5sum bagit.txt bag-info.txt manifest-md5.txt >tagmanifest-md5.txt
echo changed >data/damaged
rm data/missing data/left-out
echo new >data/new
printf 'Contact-Name: somebody else\n' >>bag-info.txt
ln -s ../bagit.txt data/link
cd ..
evidence-verify --verbose bag && exit 9
tar -cf bag.tar bag
evidence-verify --quiet bag.tar
