# --verbose names the links that were not followed; --quiet is silent about everything skipped.
mkdir t
ln -s nowhere "t/$(printf 'e\033[31m')"
mkfifo t/fifo
evidence-hash -v -r t
evidence-hash -q -r t
