#!/usr/bin/env bash
# Installs into a scratch prefix and builds a stranger's program against it twice: through
# find_package and through pkg-config. The whole archive is linked, so no dependency can be missing,
# and every installed header is included, so none can need one that stays behind.
#
#   install_test.sh BUILD_DIR
set -euo pipefail
build=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fail() {
    echo "install_test: $*" >&2
    exit 1
}

cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
# Moved away from where it was installed: nothing may remember the place.
mv prefix moved
prefix=$scratch/moved

{
    (cd "$prefix/include/evidence" && find . -name '*.h' | sort | sed 's|^\./\(.*\)|#include "\1"|')
    cat <<'END'
#include <cstdio>
int main() {
    std::puts(evidence::sha256_hex("abc").c_str());
    try {
        evidence::parse_algorithm_list("rot13");
    } catch (const evidence::Error&) {
        return 0;
    }
    return 1;
}
END
} >consumer.cpp
expected=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES CXX)
find_package(evidence 0.1 REQUIRED)
add_executable(consumer consumer.cpp)
target_link_libraries(consumer PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,evidence::evidence>)
set_target_properties(consumer PROPERTIES CXX_STANDARD 20 LINK_OPTIONS "${CONSUMER_LINK_OPTIONS}")
END
sanitize=()
# One option with a comma in it, not two.
# shellcheck disable=SC2054
if grep -q '^EVIDENCE_SANITIZE:BOOL=ON' "$build/CMakeCache.txt"; then
    sanitize=(-fsanitize=address,undefined)
fi
cmake -S . -B build -G Ninja -D CMAKE_PREFIX_PATH="$prefix" \
    -D CONSUMER_LINK_OPTIONS="${sanitize[*]}" >log 2>&1 || { cat log >&2; fail "find_package"; }
cmake --build build >log 2>&1 || { cat log >&2; fail "build through find_package"; }
[ "$(build/consumer)" = "$expected" ] || fail "the program built through find_package"

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
# Word splitting is how pkg-config is used.
# shellcheck disable=SC2046
g++ -std=c++20 "${sanitize[@]}" consumer.cpp $(pkg-config --cflags evidence) -Wl,--whole-archive \
    "$prefix/lib/libevidence.a" -Wl,--no-whole-archive $(pkg-config --libs evidence) \
    -o consumer 2>log || { cat log >&2; fail "build through pkg-config"; }
[ "$(./consumer)" = "$expected" ] || fail "the program built through pkg-config"

source=$(realpath "$(dirname "$0")/..")
for page in "$source"/man/*.[157]; do
    section=${page##*.}
    [ -e "$prefix/share/man/man$section/${page##*/}" ] || fail "not installed: ${page##*/}"
done
for schema in "$source"/schemas/*.json; do
    [ -e "$prefix/share/evidence/schemas/${schema##*/}" ] || fail "not installed: ${schema##*/}"
done
# Translations are found from where the programs were moved to.
said=$("$prefix/bin/evidence-verify" --lang vi "$source/tests/vectors/sample-v1.asice") || [ $? = 6 ]
[[ $said == *"INDETERMINATE: gói "* ]] || fail "does not speak Vietnamese: $said"
for tool in acquire hash seal verify transfer custody; do
    "$prefix/bin/evidence-$tool" --version >/dev/null || fail "does not run: evidence-$tool"
done
