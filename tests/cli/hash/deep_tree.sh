# 300 levels, and a path far beyond PATH_MAX that no single call could open.
name=$(printf 'n%.0s' $(seq 200))
start=$PWD
mkdir top
cd top
for level in $(seq 300); do
    mkdir "$name"
    cd "$name"
    [ $((level % 100)) -ne 0 ] || printf %s "$level" >file
done
cd "$start"
evidence-hash -r top >list
wc -l <list
awk '{ print substr($0, 1, 64), length($0) }' list
for level in 300 200 100; do printf %s $level | sha256sum; done
