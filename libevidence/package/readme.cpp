#include "package/readme.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/printable.h"
#include "package/cosignature.h"

namespace evidence {
namespace {

constexpr std::size_t max_linked = 4;  // files of a set that an example names

constexpr std::string_view what_it_is = R"text(SEALED EVIDENCE PACKAGE

Package      {id}
Sealed at    {created_at} (by the signer's own clock)
Sealed by    {name}{organization}
Certificate  {certificate} (SHA-256)
{cosigners}Objects      {objects} (in data/)
Records      {records} (in items.jsonl)
Events       {events} (in custody/ledger.jsonl)

The file you were given is a ZIP archive without compression. It is at the same
time an ASiC-E container (ETSI EN 319 162-1) with detached CAdES signatures, and,
once unpacked, a BagIt bag (RFC 8493). The manual page evidence-package(5)
describes it in full; evidence-verify(1) checks it in full. What follows needs
neither: only unzip, openssl, and the usual small tools.


WHAT IS INSIDE

data/             the evidence, one file per object, under neutral names
items.jsonl       what each object and each file inside a captured folder is
items.checkpoint  one digest over all of these records
pieces/           SHA-256 of every 1 MiB of an object, one per line
acquisition/      how each object was acquired
custody/          who had the evidence, when and why; who signed those events
package.json      what this package is
terms.json        the conditions that bind whoever receives it
META-INF/         the lists of digests that are signed, and the signatures

)text";

constexpr std::string_view how_to_check = R"text(
HOW TO CHECK IT

Put next to each other in an empty folder: the package, under a name that ends in
.asice, and as ca.pem the certificate of the authority that you trust to know the
signer. Take ca.pem from a source of your own, never from the sender of the
package. The order of the steps matters: the signature covers the list of digests,
the list covers every file, and no file may be outside the list.

Paste this into a shell. It prints nothing when everything holds, and leaves the
files in the new folder unpacked:

    (
    anchor=$PWD/ca.pem
    mkdir unpacked || exit
    unzip -q *.asice -d unpacked || echo "DAMAGED: unzip cannot unpack all of it"
    cd unpacked || exit
    # 1. {signatures_are}
    for n in {numbers}; do
      said=$(openssl cms -verify -cades -binary -inform DER \
        -no-CApath -no-CAstore -CAfile "$anchor" \
        -in META-INF/signature$n.p7s \
        -content META-INF/ASiCManifest$n.xml -out /dev/null 2>&1) ||
        echo "NOT VALID: META-INF/signature$n.p7s: $said"
    done
{same_list}    # 2. Every file on a list has the digest it says.
    for m in META-INF/ASiC*Manifest*.xml; do
      sed -n 's/.*URI="\([^"]*\)"><[^"]*"\([^"]*\)".*<ds:DigestValue>\([^<]*\)<.*/\1 \2 \3/p' "$m" |
      while read -r f a d; do
        [ "$(openssl dgst -"${{a##*#}}" -binary "$f" | openssl base64 -A)" = "$d" ] ||
          echo "DIFFERS: $f ($m)"
      done
    done
    # 3. Nothing is there that is not on the signed list.
    find . ! -type d ! -path './META-INF/*' ! -path ./mimetype | sed 's|^\./||' |
    while read -r f; do
      grep -qF "URI=\"$f\"" META-INF/ASiCManifest001.xml || echo "NOT SIGNED: $f"
    done
    find META-INF -mindepth 1 |
      grep -vxE -e 'META-INF/{manifests}' \
        -e 'META-INF/{signatures}' |
      sed 's/^/NOT EXPECTED: /'
    [ "$(cat mimetype)" = application/vnd.etsi.asic-e+zip ] || echo "DIFFERS: mimetype"
    # 4. The same digests in their familiar form.
    sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt
    # 5. Every 1 MiB of the larger objects.
    for p in pieces/*.txt; do
      [ -e "$p" ] || continue
      n=${{p#pieces/}}
      split -b 1M --filter=sha256sum data/"${{n%.txt}}".* | cut -c1-64 | cmp - "$p"
    done
    )

On Windows, in PowerShell, the digests are compared by:

    Copy-Item *.asice package.zip
    Expand-Archive package.zip unpacked
    Set-Location unpacked
    Get-Content manifest-sha256.txt, tagmanifest-sha256.txt | ForEach-Object {{
      $digest, $name = $_ -split '  ', 2
      if ((Get-FileHash -Algorithm SHA256 $name).Hash -ne $digest) {{ "DIFFERS: $name" }}
    }}
    $bytes = [IO.File]::ReadAllBytes("$PWD\tagmanifest-sha256.txt")
    [Convert]::ToBase64String(
      [Security.Cryptography.SHA256]::Create().ComputeHash($bytes))

The last command prints what has to stand in META-INF/ASiCManifest001.xml behind
tagmanifest-sha256.txt. The signatures need openssl there too.

Who signed is told by, in that folder like all that follows:

    cd unpacked
    openssl pkcs7 -inform DER -in META-INF/signature001.p7s -print_certs -noout

If the signer's certificate has expired since, add to the first openssl command
-attime and the time of sealing in seconds since 1970 (date -d "{created_at}" +%s).
That time is then only the signer's word{timestamp_words}.
{cosigner_check}{timestamp_check}
)text";

// Only where there are some.
constexpr std::string_view same_list = R"text(    # The co-signers signed the same list.
    for n in {numbers}; do
      [ "$(grep DataObjectReference META-INF/ASiCManifest001.xml)" = \
        "$(grep DataObjectReference META-INF/ASiCManifest$n.xml)" ] ||
        echo "ANOTHER LIST: META-INF/ASiCManifest$n.xml"
    done
)text";

constexpr std::string_view how_to_check_cosigners = R"text(
Co-signers signed besides the sealer (two-person rule). ca.pem has to hold the
certificates of their authorities too, one behind the other. Who they are, in the
order and with the fingerprints that stand at the top:

    for n in {numbers}; do
      openssl cms -verify -noverify -binary -inform DER \
        -in META-INF/signature$n.p7s -content META-INF/ASiCManifest$n.xml \
        -signer ../cosigner$n.pem -out /dev/null
      openssl x509 -in ../cosigner$n.pem -noout -subject -fingerprint -sha256
    done
)text";

// Only where there may be some.
constexpr std::string_view how_to_check_time_stamps = R"text(
Time-stamps, once there, say by when the signatures existed. With the certificate
of their authority in tsa-ca.pem beside that folder they are checked by

    for t in META-INF/timestamp*.tst; do
      [ -e "$t" ] || continue
      n=$(basename "$t" .tst)
      openssl ts -verify -token_in -in "$t" -CAfile ../tsa-ca.pem \
        -data META-INF/ASiC*Manifest"${n#timestamp}".xml
    done

and the time is shown by

    openssl ts -reply -token_in -token_out -text -in META-INF/timestamp003.tst

If the certificate of the authority has expired since, add to openssl ts -verify
-attime and that time in seconds since 1970.
)text";

constexpr std::string_view custody_and_limits = R"text(
OBJECTS IN SEVERAL FILES

An object may come in segments: consecutive files of data/ with endings that count
(.000 .001 .002 or .E01 .E02 .E03); items.jsonl says which ("segment":k). Segments
of an image give it back joined in order, here of the objects 3 to 5:

    cat data/000003.000 data/000004.001 data/000005.002 > ../image.img
{expert_witness}

THE CUSTODY LEDGER

Each line of custody/ledger.jsonl is one event, linked to the one before it. An
event about items that are not here, or of which only a part is, is withheld: its
digest keeps its place in the chain. A signed event can be checked by itself. For line n, with
an ECDSA key and SHA-256 ("algorithm":"ecdsa-sha256"):

    n=1
    line=$(sed -n "${{n}}p" custody/ledger.jsonl)
    signer=$(printf '%s' "$line" | sed 's/.*"signer":"\([0-9a-f]*\)".*/\1/')
    openssl x509 -in custody/signers/$signer.pem -noout -pubkey > ../signer.pub
    printf '%s' "$line" | sed 's/.*"signature":"\([^"]*\)".*/\1/' |
      openssl base64 -d -A > ../event.sig
    printf '%s' "$line" | sed 's/^{{"event":\(.*\),"link":"[0-9a-f]*","signature".*/\1/' |
      (printf 'evidence-event/1\n'; tr -d '\n') |
      openssl dgst -sha256 -verify ../signer.pub -signature ../event.sig

For "ecdsa-sha384" say -sha384. For "rsa-pss-sha256" add -sigopt rsa_padding_mode:pss
-sigopt rsa_pss_saltlen:32. Links and relevance tags are described in
evidence-ledger(5) and checked by evidence-verify(1).


WHAT A GOOD RESULT DOES NOT SAY

It says that these are the bytes that were sealed, by someone who held the key of
this certificate. It does not say who that person was beyond what the authority
behind ca.pem vouches for, nor that the certificate was not revoked, nor that the
bytes say the truth, nor that the source was read completely (acquisition/ tells
what was left out or could not be read). {timestamp_limit} It does
not show that the case holds no other items, nor that the ledger had no later
events: compare custody/checkpoint with one that somebody else holds. Conditions in
terms.json bind whoever receives the package or any part of it.
)text";

// Links to the files of a set that is in the package; of a long one, to the first.
std::string how_to_name_expert_witness(const std::vector<std::string>& set) {
    if (set.empty()) return "";
    std::string text =
        "\nPrograms for the Expert Witness format want one name for all files of a set:\n\n";
    for (std::size_t i = 0; i < std::min(set.size(), max_linked); ++i) {
        text += fmt::format("    ln {} ../disk{}\n", set[i], fs::path(set[i]).extension().native());
    }
    if (set.size() > max_linked) text += "\nand so on, up to " + set.back() + ".\n";
    return text;
}

std::string cosignature_numbers(const PackageDocument& document) {
    std::string numbers;
    for (std::size_t i = 0; i < document.cosigned_by.size(); ++i) {
        numbers += fmt::format("{}{}", i == 0 ? "" : " ", first_cosignature + i);
    }
    return numbers;
}

// What the names of lists or signatures may be, for grep -E.
std::string numbers_pattern(const PackageDocument& document) {
    std::string numbers = "00[12]";
    for (std::size_t i = 0; i < document.cosigned_by.size(); ++i) {
        numbers += fmt::format("|{}", first_cosignature + i);
    }
    return document.cosigned_by.empty() ? numbers : "(" + numbers + ")";
}

}  // namespace

std::string readme_txt(const PackageDocument& document,
                       const std::vector<std::string>& expert_witness) {
    const bool may_be_stamped = document.timestamp != TimestampPolicy::none;
    const std::string numbers = cosignature_numbers(document);
    const std::string pattern = numbers_pattern(document);
    std::string cosigners;
    for (const std::string& fingerprint : document.cosigned_by) {
        cosigners += "Co-signed by " + fingerprint + " (SHA-256 of the certificate)\n";
    }
    const std::string organization = printable(document.sealed_by.organization);
    std::string text = fmt::format(
        what_it_is, fmt::arg("id", document.id),
        fmt::arg("created_at", format_utc(document.created_at)),
        fmt::arg("name", printable(document.sealed_by.name)),
        fmt::arg("organization", organization.empty() ? "" : ", " + organization),
        fmt::arg("certificate", document.sealed_by.certificate_sha256),
        fmt::arg("cosigners", cosigners), fmt::arg("objects", document.objects),
        fmt::arg("records", document.records), fmt::arg("events", document.ledger_size));
    text += fmt::format(
        how_to_check, fmt::arg("created_at", format_utc(document.created_at)),
        fmt::arg("manifests", may_be_stamped ? std::string("ASiC(Archive)?Manifest[0-9]{3}\\.xml")
                                             : "ASiCManifest" + pattern + "\\.xml"),
        fmt::arg("signatures",
                 may_be_stamped ? std::string("(signature[0-9]{3}\\.p7s|timestamp[0-9]{3}\\.tst)")
                                : "signature" + pattern + "\\.p7s"),
        fmt::arg("signatures_are", numbers.empty()
                                       ? "Both signatures, over both lists of digests."
                                       : "All signatures, over their lists of digests."),
        fmt::arg("numbers", "001 002" + (numbers.empty() ? "" : " " + numbers)),
        fmt::arg("same_list",
                 numbers.empty() ? "" : fmt::format(same_list, fmt::arg("numbers", numbers))),
        fmt::arg("cosigner_check", numbers.empty() ? ""
                                                   : fmt::format(how_to_check_cosigners,
                                                                 fmt::arg("numbers", numbers))),
        fmt::arg("timestamp_words", may_be_stamped ? ", unless a time-stamp confirms it" : ""),
        fmt::arg("timestamp_check", may_be_stamped ? how_to_check_time_stamps : ""));
    text += fmt::format(
        custody_and_limits, fmt::arg("expert_witness", how_to_name_expert_witness(expert_witness)),
        fmt::arg("timestamp_limit",
                 may_be_stamped ? "It does not by itself say when: the time-stamps do."
                                : "It does not say when: without a time-stamp the\ntime is only "
                                  "the signer's word."));
    return text;
}

}  // namespace evidence
