#include "package/disclosure_readme.h"

#include <fmt/format.h>

#include "package/readme.h"

namespace evidence {
namespace {

constexpr std::string_view what_it_gives = R"text(

WHAT IS GIVEN OF WHAT

This package is a disclosure: a part of an earlier package, and the proof that it
is one.

Original     package {package}
Given        {disclosed} of its {of} records; {withheld} are withheld
Told of it   {told}

disclosure.json says who asked for it and on what ground. The folder origin/ holds
what the original's own sealer signed. What stands above shows who signed this
disclosure; what follows shows who sealed the original. ca.pem has to hold the
certificate of that one's authority too, one behind the other. Paste this after the
block above, with the same ca.pem in the folder in which unpacked/ lies. It prints
nothing when everything holds:
)text";

constexpr std::string_view blind_check = R"text(
    (
    anchor=$PWD/ca.pem
    cd unpacked/origin || exit
    sha() { openssl dgst -sha256 | sed 's/.*[ =]//'; }
    # 1. The original's signature, over the digest of all of its records.
    said=$(openssl cms -verify -cades -binary -inform DER \
      -no-CApath -no-CAstore -CAfile "$anchor" -in META-INF/signature002.p7s \
      -content META-INF/ASiCManifest002.xml -out /dev/null 2>&1) ||
      echo "NOT VALID: META-INF/signature002.p7s: $said"
    sed -n 's/.*URI="\([^"]*\)"><.*<ds:DigestValue>\([^<]*\)<.*/\1 \2/p' \
      META-INF/ASiCManifest002.xml |
    while read -r f d; do
      [ "$(openssl dgst -sha256 -binary "$f" | openssl base64 -A)" = "$d" ] ||
        echo "DIFFERS: $f"
    done
    # 2. From every record and its path to that digest.
    size=$(sed -n 2p items.checkpoint)
    root=$(sed -n 3p items.checkpoint | openssl base64 -d -A | xxd -p | tr -d '\n')
    n=0
    while IFS= read -r line && IFS= read -r given <&3; do
      n=$((n + 1))
      i=$(printf '%s\n' "$line" | sed 's/^{"index":\([0-9]*\).*/\1/')
      last=$((size - 1))
      [ "$i" -le "$last" ] || echo "NO SUCH RECORD: line $n"
      path=$(printf '%s\n' "$line" | sed 's/.*"path":\[\([^]]*\)\].*/\1/' | tr '",' '  ')
      path=${path%%\]*}
      leaf=$(printf '%s\n' "$line" |
        sed -n 's/^{"index":[0-9]*,"leaf":"\([0-9a-f]*\)".*/\1/p')
      given=$(printf '%s\n' "$given" | sed 's/^{"at":{[^}]*},"record":\(.*\)}$/\1/')
      if [ -n "$leaf" ]; then
        # A copy in place of the record that has this digest.
        case $given in
          *",\"of\":\"$leaf\","*) h=$leaf ;;
          *) echo "NOT IN PLACE OF IT: line $n" ;;
        esac
      else
        record=$(printf '%s\n' "$line" | sed 's/^[^]]*\],"record":\(.*\)}$/\1/')
        [ "$(printf '%s\n' "$record" | sed 's/,"salt":"[0-9a-f]*"//')" = \
          "$(printf '%s\n' "$given" | sed 's/,"salt":"[0-9a-f]*"//')" ] ||
          echo "NOT THE SAME RECORD: line $n"
        h=$( (printf '\000'; printf '%s' "$record") | sha)
      fi
      for p in $path; do
        if [ $((i % 2)) -eq 1 ] || [ "$i" -eq "$last" ]; then
          h=$(printf '01%s%s' "$p" "$h" | xxd -r -p | sha)
          while [ $((i % 2)) -eq 0 ] && [ "$i" -ne 0 ]; do
            i=$((i / 2)) last=$((last / 2))
          done
        else
          h=$(printf '01%s%s' "$h" "$p" | xxd -r -p | sha)
        fi
        i=$((i / 2)) last=$((last / 2))
      done
      [ "$h" = "$root" ] && [ "$last" -eq 0 ] || echo "NOT IN THE ORIGINAL: line $n"
    done < proofs.jsonl 3< ../items.jsonl
    # 3. As many proofs as records.
    [ "$(wc -l < proofs.jsonl)" -eq "$(wc -l < ../items.jsonl)" ] ||
      echo "RECORDS WITHOUT A PROOF"
    )
)text";

constexpr std::string_view named_check = R"text(
    (
    anchor=$PWD/ca.pem
    cd unpacked/origin || exit
    # 1. The original's signatures, over its lists of digests.
    for n in 001 002; do
      said=$(openssl cms -verify -cades -binary -inform DER \
        -no-CApath -no-CAstore -CAfile "$anchor" -in META-INF/signature$n.p7s \
        -content META-INF/ASiCManifest$n.xml -out /dev/null 2>&1) ||
        echo "NOT VALID: META-INF/signature$n.p7s: $said"
    done
    # 2. Every file on the list but the evidence has the digest it says.
    sed -n 's/.*URI="\([^"]*\)"><.*<ds:DigestValue>\([^<]*\)<.*/\1 \2/p' \
      META-INF/ASiCManifest001.xml META-INF/ASiCManifest002.xml | grep -v '^data/' |
    while read -r f d; do
      [ "$(openssl dgst -sha256 -binary "$f" | openssl base64 -A)" = "$d" ] ||
        echo "DIFFERS: $f"
    done
    # 3. Every record is one of the original's; only the random salt is another. A part
    # or a redacted copy names the digest of the record it was made from.
    bare() { sed 's/^{"at":{[^}]*},"record":\(.*\)}$/\1/'; }
    bare < items.jsonl | sed 's/,"salt":"[0-9a-f]*"//' | LC_ALL=C sort > ../../original.txt
    bare < ../items.jsonl | grep -v '"kind":"re[a-z]*ion"' |
      sed 's/,"salt":"[0-9a-f]*"//' | LC_ALL=C sort |
      LC_ALL=C comm -23 - ../../original.txt | sed 's/^/NOT IN THE ORIGINAL: /'
    )
)text";

constexpr std::string_view further = R"text(
Line n of origin/proofs.jsonl belongs to line n of items.jsonl. When the original
was a disclosure itself, there is origin/origin/ too: what that one was cut from,
checked by the same commands one folder deeper. evidence-verify(1) checks all of it.
A part of a raw object ("kind":"region") is proven piece by piece: the lines of
pieces/ stand in origin/pieces/, from offset_bytes divided by 1048576 on.
)text";

}  // namespace

std::string disclosure_readme_txt(const PackageDocument& document,
                                  const DisclosureDocument& disclosure) {
    const bool is_blind = disclosure.kind == DisclosureKind::blind;
    std::string text = readme_txt(document, {});
    text += fmt::format(
        what_it_gives, fmt::arg("package", disclosure.origin.package_id),
        fmt::arg("disclosed", disclosure.disclosed), fmt::arg("of", disclosure.of),
        fmt::arg("withheld", disclosure.withheld()),
        fmt::arg("told", is_blind ? "the number of records and events withheld, nothing else"
                                  : "every name and digest, but no content of what is withheld"));
    text += is_blind ? blind_check : named_check;
    text += further;
    return text;
}

}  // namespace evidence
