# Usage errors: one line, nothing on standard output, exit status 2.
tried() {
    status=0
    evidence-hash "$@" || status=$?
    echo "$status"
}
tried -a sha257 f
tried -a '' f
tried -a md5,,sha1 f
tried -a md5,sha1 --format sha256sum f
tried --format md5deep f
tried -j 0 f
tried -j 257 f
tried -j many f
tried -r
tried --check list f
tried --check list -r
tried --check list -0
tried --check list --format bsd
tried --check ''
tried --ignore-missing f
tried --json -0 f
tried --no-such-option
tried --json -r
mkdir folder
: >f
tried --audit f
tried --audit f folder
tried --audit - -
tried -a sha512 --format hashdeep f
tried -a sha3-256 --format mtree f
tried -0 --format dfxml f
tried -r --include '*.doc' folder
