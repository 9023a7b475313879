# One canonical document, whatever happens; what failed stands in it.
mkdir t
printf x >t/a
printf '' >"t/$(printf 'not\377utf8')"
printf x >"t/$(printf 'new\nline\033')"
ln -s a t/link
mkfifo t/fifo
evidence-hash --json -a md5,sha256 -r t nowhere t/fifo
