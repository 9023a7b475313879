# --verbose names the links that were not followed; --quiet is silent about everything skipped.
mkdir t
ln -s nowhere "t/$(printf 'e\033[31m')"
mkfifo t/fifo
evidence-hash -v -r t 2>&1 | sed "s/engine: .*/engine: NAME/" >&2
evidence-hash -q -r t
