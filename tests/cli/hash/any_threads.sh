# The output does not depend on the number of threads.
mkdir t
for folder in $(seq 30); do
    mkdir "t/$folder"
    for file in $(seq 40); do printf '%s %s' "$folder" "$file" >"t/$folder/$file"; done
done
truncate -s 100M t/15/big
truncate -s 9M t/16/big
find t -type f | LC_ALL=C sort >names
for threads in 1 2 3 16; do
    evidence-hash -a md5,sha1 -j $threads -r t >lines.$threads
    cmp lines.1 lines.$threads
done
wc -l <lines.1
grep '^SHA1' lines.1 >list
sha1sum --strict --quiet -c list
sed 's/.*(\(.*\)).*/\1/' list | LC_ALL=C sort | cmp - names
