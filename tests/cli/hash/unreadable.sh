# What cannot be read is said, the others are still done, and the exit status is 1.
printf x >file
mkdir folder
mkfifo fifo
ln -s nowhere dangling
ln -s loop loop
ln -s file link
evidence-hash nowhere file folder fifo dangling loop link /dev/null "$(printf 'a\nb')" file/x
