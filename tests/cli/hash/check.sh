# Every status at once: each file is still checked, and the exit status is 1.
printf a >good
printf b >bad
printf c >"$(printf 'new\nline')"
mkdir folder
sha256sum good bad "$(printf 'new\nline')" >list
printf B >bad
{
    echo
    echo '# a comment'
    sha256sum good | sed 's/good/missing/'
    sha256sum good | sed 's/good/folder/'
    sha256sum good | sed 's/^[0-9a-f]*/\U&/'
    sha256sum good | sed 's/$/\r/'
    md5sum --tag good
    md5sum good
} >>list
evidence-hash --check list
