# A tree comes out in byte order of names per folder, names escaped as sha256sum escapes them; links
# are not followed and special files not opened, and both are said.
mkdir -p t/sub "t/$(printf 'n\nl')"
printf x >t/a
printf y >t/sub/b
printf z >"t/$(printf 'n\nl')/b\\c"
printf q >t/sub.txt
printf '' >t/Z
ln -s a t/link
ln -s ../.. t/loop
mkfifo t/fifo
evidence-hash -r t
evidence-hash -r t/ t/a | cut -c 65- | tail -2
(cd t && evidence-hash -r -q .) | cut -c 65-
