# --quiet leaves out what matches.
printf a >good
printf b >bad
sha256sum good bad >list
printf B >bad
evidence-hash -q -c list
