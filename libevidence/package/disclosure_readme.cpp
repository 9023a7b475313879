#include "package/disclosure_readme.h"

#include <fmt/format.h>

#include <algorithm>

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

disclosure.json   who asked for it and on what ground
origin/           what the original's own sealer signed, as far as it goes along
origin/origin/    the same of what that one was cut from, when it was

What stands above shows who signed this disclosure. What follows shows that its
records and bytes are those that the original's sealer signed, down to the first
seal. ca.pem has to hold the certificates of all these signers' authorities, one
behind the other. Paste this after the block above, in the folder in which
unpacked/ lies; it needs xxd too. It prints nothing when everything holds:

    (
    anchor=$PWD/ca.pem
    cd unpacked || exit
    command -v xxd >/dev/null || echo "NOT CHECKED: xxd is missing"
    sha() {{ openssl dgst -sha256 | sed 's/.*[ =]//'; }}
    record() {{ sed 's/^{{"at":{{[^}}]*}},"record":\(.*\)}}$/\1/'; }}
    # A record without its random salt, which every package draws anew.
    bare() {{ record | sed 's/,"salt":"[0-9a-f]*"//'; }}

    # Every file in data/ has the digest that its record says. The files inside a
    # captured tree are covered by the digest of the tree.
    data() {{
      last=
      sed -n 's/,"media":.*//
        s/^{{"at":{{"object":"\([^"]*\)".*"digests":{{[^}}]*"sha256":"\([0-9a-f]*\)".*/\1 \2/p' \
        items.jsonl |
      while read -r f d; do
        case $f in *.tar) [ "$f" = "$last" ] && continue ;; esac
        last=$f
        [ "$(sha < "$f")" = "$d" ] || echo "NOT WHAT ITS RECORD SAYS: $f"
      done
      for f in data/*; do
        [ ! -e "$f" ] || grep -qF "\"object\":\"$f\"" items.jsonl || echo "NO RECORD: $f"
      done
    }}

    # The signature over a list of an original, and the files on it but the evidence.
    signed() {{ # FOLDER NUMBER
      said=$(openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore \
        -CAfile "$anchor" -in $1/META-INF/signature$2.p7s \
        -content $1/META-INF/ASiCManifest$2.xml -out /dev/null 2>&1) ||
        echo "NOT VALID: $1/META-INF/signature$2.p7s: $said"
      sed -n 's/.*URI="\([^"]*\)"><.*<ds:DigestValue>\([^<]*\)<.*/\1 \2/p' \
        $1/META-INF/ASiCManifest$2.xml | grep -v '^data/' |
      while read -r f d; do
        [ "$(openssl dgst -sha256 -binary "$1/$f" | openssl base64 -A)" = "$d" ] ||
          echo "DIFFERS: $1/$f"
      done
      for f in items.checkpoint terms.json; do
        grep -qF "URI=\"$f\"" $1/META-INF/ASiCManifest$2.xml || echo "NOT SIGNED: $1/$f"
      done
    }}
    root() {{ sed -n 3p "$1/items.checkpoint" | openssl base64 -d -A | xxd -p | tr -d '\n'; }}

    # The terms above name the package below, which nobody can leave out or put in.
    from() {{ # ABOVE FOLDER
      named=$(sed -n 's/.*"origin":{{"items_root":"\([0-9a-f]*\)","package":"\([^"]*\)".*/\1 \2/p' \
        "$1/terms.json")
      here="$(root "$2") $(sed -n '1s|^evidence-items/1/||p' "$2/items.checkpoint")"
      [ "$named" = "$here" ] || echo "ANOTHER ORIGINAL: $2"
    }}
    first() {{ # FOLDER: the first seal was cut from nothing
      if grep -q '"origin":{{' "$1/terms.json"; then echo "NOT THE FIRST SEAL: $1"; fi
    }}
)text";

constexpr std::string_view blind_functions = R"text(
    # From every record and its path to the digest of all records. Line n of
    # proofs.jsonl belongs to line n of LIST; a copy in place of a record names that
    # one's digest, and further down nothing more is told of it.
    blind() {{ # FOLDER LIST PROOFS-ABOVE
      signed "$1" 002
      size=$(sed -n 2p "$1/items.checkpoint") root=$(root "$1") n=0
      while IFS= read -r line && IFS= read -r given <&3 && IFS= read -r above <&4; do
        n=$((n + 1))
        i=$(printf '%s\n' "$line" | sed 's/^{{"index":\([0-9]*\).*/\1/')
        last=$((size - 1))
        [ "$i" -le "$last" ] || echo "NO SUCH RECORD: $1 line $n"
        path=$(printf '%s\n' "$line" | sed 's/.*"path":\[\([^]]*\)\].*/\1/' | tr '",' '  ')
        path=${{path%%\]*}}
        leaf=$(printf '%s\n' "$line" |
          sed -n 's/^{{"index":[0-9]*,"leaf":"\([0-9a-f]*\)".*/\1/p')
        given=$(printf '%s\n' "$given" | bare)
        case $above in '{{"index":'*',"leaf":"'*) hidden=yes ;; *) hidden=no ;; esac
        if [ -n "$leaf" ]; then
          h=$leaf
          case $hidden$given in
            yes* | *",\"of\":\"$leaf\","*) ;;
            *) echo "NOT IN PLACE OF IT: $1 line $n" ;;
          esac
        else
          record=$(printf '%s\n' "$line" | sed 's/^[^]]*\],"record":\(.*\)}}$/\1/')
          [ "$hidden" = yes ] || [ "$(printf '%s\n' "$record" | bare)" = "$given" ] ||
            echo "NOT THE SAME RECORD: $1 line $n"
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
        [ "$h" = "$root" ] && [ "$last" -eq 0 ] || echo "NOT IN THE ORIGINAL: $1 line $n"
      done < "$1/proofs.jsonl" 3< "$2" 4< "$3"
      [ "$(wc -l < "$1/proofs.jsonl")" -eq "$(wc -l < "$2")" ] ||
        echo "RECORDS WITHOUT A PROOF: $1"
    }}
)text";

constexpr std::string_view named_functions = R"text(
    # A record that is not the original's as it stands was made of one: it names that
    # one's digest. The digests of a region's pieces stand in the original's list.
    # (Looking for it takes some milliseconds for each record of the item.)
    part() {{ # FOLDER RECORD
      of=$(printf '%s\n' "$2" | sed -n 's/.*,"of":"\([0-9a-f]*\)",.*/\1/p')
      item=$(printf '%s\n' "$2" | sed -n 's/.*,"item":"\([^"]*\)",.*/\1/p')
      whole=$([ -z "$of" ] || grep -F ",\"item\":\"$item\"," "$1/items.jsonl" |
        while IFS= read -r line; do
          h=$( (printf '\000'; printf '%s\n' "$line" | record | tr -d '\n') | sha)
          [ "$h" != "$of" ] || {{ printf '%s\n' "$line"; break; }}
        done)
      [ -n "$whole" ] || printf 'NOT IN THE ORIGINAL: %s\n' "$2"
      number=$(printf '%s\n' "$whole" | sed -n 's/^{{"at":{{"object":"data\/\([0-9]*\).*/\1/p')
      [ -z "$whole" ] || grep -F ",\"of\":\"$of\",\"offset_bytes\":" items.jsonl |
      sed 's/^{{"at":{{"object":"\([^"]*\)".*"offset_bytes":\([0-9]*\),/\1 \2 /
        s/^\([^ ]* [^ ]*\) .*"size_bytes":\([0-9]*\)}}}}$/\1 \2/' |
      while read -r f offset size; do
        tail -n +$((offset / 1048576 + 1)) "$1/pieces/$number.txt" |
          head -n $(((size + 1048575) / 1048576)) > ../pieces.txt
        split -b 1M --filter=sha256sum "$f" | cut -c1-64 | cmp -s - ../pieces.txt ||
          echo "NOT THE ORIGINAL'S BYTES: $f"
      done
    }}

    # All records of the original are here. Those of LIST are among them.
    named() {{ # FOLDER LIST
      signed "$1" 001
      signed "$1" 002
      (cd "$1" && find . ! -type d ! -path './META-INF/*' | sed 's|^\./||' |
        while read -r f; do
          grep -qF "URI=\"$f\"" META-INF/ASiCManifest001.xml || echo "NOT SIGNED: $f"
        done)
      bare < "$1/items.jsonl" | LC_ALL=C sort > ../original.txt
      bare < "$2" | LC_ALL=C sort | LC_ALL=C comm -23 - ../original.txt |
      while IFS= read -r given; do part "$1" "$given"; done
    }}
)text";

constexpr std::string_view further = R"text(    )

Who sealed each original, the first seal last:

    for d in {folders}; do
      openssl pkcs7 -inform DER -in unpacked/$d/META-INF/signature002.p7s -print_certs -noout
    done

-attime, as said above, belongs to openssl cms here too, with the time of sealing in
terms.json beside each. evidence-verify(1) checks all of this, and how long ago each
signature is known to exist.
)text";

struct Level {
    std::string folder, list, proofs_above;
    bool is_named = false;
};

// Proofs go by the nearest list of records above them.
std::vector<Level> levels_of(const std::vector<bool>& is_named) {
    std::vector<Level> levels;
    std::string list = "items.jsonl", above = list, folder = "origin";
    for (const bool named : is_named) {
        levels.push_back({folder, list, above, named});
        above = folder + (named ? "/items.jsonl" : "/proofs.jsonl");
        if (named) list = above;
        folder += "/origin";
    }
    return levels;
}

// What is called, level by level.
std::string calls(const std::vector<Level>& levels) {
    std::string text = "\n    data\n", above = ".", folders;
    for (const Level& level : levels) {
        text += fmt::format("    from {} {}\n", above, level.folder);
        text += level.is_named ? fmt::format("    named {} {}\n", level.folder, level.list)
                               : fmt::format("    blind {} {} {}\n", level.folder, level.list,
                                             level.proofs_above);
        above = level.folder;
        folders += (folders.empty() ? "" : " ") + level.folder;
    }
    return text + fmt::format("    first {}\n", above) +
           fmt::format(further, fmt::arg("folders", folders));
}

}  // namespace

std::string disclosure_readme_txt(const PackageDocument& document,
                                  const DisclosureDocument& disclosure,
                                  const std::vector<bool>& is_named) {
    const bool is_blind = disclosure.kind == DisclosureKind::blind;
    std::string text = readme_txt(document, {});
    text += fmt::format(
        what_it_gives, fmt::arg("package", disclosure.origin.package_id),
        fmt::arg("disclosed", disclosure.disclosed), fmt::arg("of", disclosure.of),
        fmt::arg("withheld", disclosure.withheld()),
        fmt::arg("told", is_blind ? "the number of records and events withheld, nothing else"
                                  : "every name and digest, but no content of what is withheld"));
    const bool has_blind = std::find(is_named.begin(), is_named.end(), false) != is_named.end();
    if (has_blind) text += fmt::format(blind_functions);
    if (is_named.front()) text += fmt::format(named_functions);
    return text + calls(levels_of(is_named));
}

}  // namespace evidence
