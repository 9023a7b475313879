# A line that cannot be read in exactly one way counts against the list: what it meant was not
# checked. sha256sum warns and answers 0.
printf a >good
{
    sha256sum good
    echo junk
    sha256sum good | sed 's/  / /'
    sha256sum good | cut -c 2-
    printf '\\%s  a\\q\n' "$(sha256sum good | cut -c 1-64)"
    sha256sum --tag good | sed 's/SHA256/RMD160/'
    printf '%s  go\0od\n' "$(sha256sum good | cut -c 1-64)"
} >list
evidence-hash -c list
