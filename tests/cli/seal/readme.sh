# README.txt of a package holds the commands to check it: run as they stand they are silent about a
# good package and name the file that was changed, added or taken away.
. "$TESTS/cli/seal/small_case.bash"
evidence-seal --case case --all "${signer[@]}" --quiet \
    --condition 'use-limit=only here' -o out.asice
unzip -p out.asice README.txt >README.txt
# The shell commands stand indented, before the ones for PowerShell.
sed -n '/PowerShell/q; s/^    //p' README.txt >commands.sh
grep -c 'openssl cms -verify' commands.sh

check() { # NAME: with the package changed by the commands on standard input
    mkdir "$1"
    cp ca.pem "$1"
    cp out.asice "$1"
    (
        cd "$1"
        mkdir bag && cd bag && unzip -q ../out.asice
        bash -eu
        rm ../out.asice
        # Made anew by a plain archiver, as a forger would.
        python3 -m zipfile -c ../out.asice *
    ) 2>&1
    echo "-- $1"
    (cd "$1" && bash ../commands.sh 2>&1) | sed '/:error:/d'
}

echo '-- as it was sealed'
mkdir good && cp out.asice ca.pem good && (cd good && bash -eu ../commands.sh)
check untouched </dev/null
check payload-changed <<'END'
printf X | dd of=data/000001.bin bs=1 seek=2000000 conv=notrunc status=none
END
check tag-file-changed <<'END'
echo >>terms.json
END
check file-added <<'END'
echo x >data/000003.bin
END
check mimetype-smuggled <<'END'
echo x >custody/mimetype
END
check mimetype-changed <<'END'
echo x >mimetype
END
check file-missing <<'END'
rm acquisition/000002.json
END
check meta-inf-added <<'END'
echo x >META-INF/extra.p7s
END
check manifest-changed <<'END'
sed -i '/bagit.txt/d' META-INF/ASiCManifest001.xml
END
