// How a reader who trusts none of our programs repeats the checks, with commands for this very
// target.
#include <fmt/format.h>

#include <algorithm>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_commands = 8;  // of one kind

// As in README.txt of a package.
constexpr std::string_view compare_lists = R"sh(for m in META-INF/ASiC*Manifest*.xml; do
  sed -n 's/.*URI="\([^"]*\)"><[^"]*"\([^"]*\)".*<ds:DigestValue>\([^<]*\)<.*/\1 \2 \3/p' "$m" |
  while read -r f a d; do
    [ "$(openssl dgst -"${a##*#}" -binary "$f" | openssl base64 -A)" = "$d" ] ||
      echo "DIFFERS: $f ($m)"
  done
done)sh";
constexpr std::string_view find_unsigned =
    R"sh(find . ! -type d ! -path './META-INF/*' ! -path ./mimetype | sed 's|^\./||' |
while read -r f; do
  grep -qF "URI=\"$f\"" META-INF/ASiCManifest001.xml || echo "NOT SIGNED: $f"
done)sh";
constexpr std::string_view compare_cosigners =
    R"sh(for m in META-INF/ASiCManifest1[0-9][0-9].xml; do
  [ "$(grep DataObjectReference META-INF/ASiCManifest001.xml)" = \
    "$(grep DataObjectReference "$m")" ] || echo "ANOTHER LIST: $m"
done)sh";

bool is_plain(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '.' || c == '/' || c == ',' || c == '+' || c == '@';
}

bool is_printable_ascii(char c) { return c >= 0x20 && c <= 0x7E; }

// One word for a shell, and for a program that takes a leading dash for an option: for every shell
// as long as it is printable ASCII, else as bash spells other bytes. There a backslash before a
// quote would end the word for a shell that does not know this spelling, so both are spelled too.
std::string shell_word(const std::string& name) {
    const std::string text = name.starts_with('-') ? "./" + name : name;
    if (!text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
            return is_plain(static_cast<unsigned char>(c)) || c == '-';
        }))
        return text;
    const bool is_printable = std::all_of(text.begin(), text.end(), is_printable_ascii);
    std::string quoted = is_printable ? "'" : "$'";
    for (const char c : text) {
        if (is_printable && c == '\'') {
            quoted += "'\\''";
        } else if (!is_printable && (c == '\'' || c == '\\' || !is_printable_ascii(c))) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

// A command as it is to be typed. Its text is ASCII of ours and shell_word's, and not printable()'s
// business, which would double the backslashes.
std::string command_html(const std::string& command) {
    std::string html;
    for (const char c : command) {
        if (c == '&') {
            html += "&amp;";
        } else if (c == '<') {
            html += "&lt;";
        } else if (c == '>') {
            html += "&gt;";
        } else {
            html += c;
        }
    }
    return "<pre dir=\"ltr\"><code>" + html + "</code></pre>\n";
}

std::string step(const std::string& words_html, const std::string& command) {
    return "<li><p>" + words_html + "</p>\n" + command_html(command) + "</li>\n";
}

// META-INF/signature001.p7s and the list of digests it is over.
std::string manifest_of(const std::string& signature) {
    const std::size_t digits = signature.size() - std::string_view("001.p7s").size();
    return "META-INF/ASiCManifest" + signature.substr(digits, 3) + ".xml";
}

bool is_file_of_format(const std::string& where, std::string_view stem, std::string_view ending) {
    const std::string begin = "META-INF/" + std::string(stem);
    return where.size() == begin.size() + 3 + ending.size() && where.starts_with(begin) &&
           where.ends_with(ending) &&
           where.find_first_not_of("0123456789", begin.size()) == begin.size() + 3;
}

std::string signature_commands(const PageContext& page) {
    std::string commands;
    std::size_t count = 0;
    for (const VerifiedSignature& each : page.report.signatures) {
        if (!is_file_of_format(each.where, "signature", ".p7s") || ++count > max_commands) continue;
        commands += fmt::format(
            "openssl cms -verify -cades -binary -inform DER -no-CApath "
            "-no-CAstore -CAfile ../ca.pem \\\n    -in {} -content {} -out "
            "/dev/null\n",
            each.where, manifest_of(each.where));
    }
    return commands;
}

std::string time_stamp_commands(const PageContext& page) {
    std::string commands;
    std::size_t count = 0;
    for (const VerifiedTimestamp& token : page.report.time_stamps) {
        if (!is_file_of_format(token.where, "timestamp", ".tst") || ++count > max_commands)
            continue;
        const std::string number = token.where.substr(token.where.size() - 7, 3);
        const std::string manifest =
            number < "005" ? "META-INF/ASiCManifest" : "META-INF/ASiCArchiveManifest";
        commands += fmt::format(
            "openssl ts -verify -token_in -in {} -CAfile ../tsa-ca.pem \\\n"
            "    -data {}{}.xml\n",
            token.where, manifest, number);
    }
    return commands;
}

bool has_cosigners(const PageContext& page) {
    return std::any_of(page.report.signatures.begin(), page.report.signatures.end(),
                       [](const VerifiedSignature& each) {
                           return each.where.starts_with("META-INF/signature1");
                       });
}

std::string package_steps(const PageContext& page) {
    const std::string name = shell_word(last_name_of(page.report.target));
    std::string html =
        step(page.say("Unpack the package into a new folder. Its README.txt explains every step."),
             "mkdir unpacked\nunzip -q " + name + " -d unpacked\ncd unpacked");
    html += step(page.say("Compare every file with the lists of digests. Silence means that all "
                          "of them fit."),
                 std::string(compare_lists));
    html += step(page.say("Look for files that are not on the signed list. Silence means that "
                          "there are none."),
                 std::string(find_unsigned));
    if (has_cosigners(page)) {
        html += step(page.say("See that all who signed have signed the same list. Silence means "
                              "that they have."),
                     std::string(compare_cosigners));
    }
    html += step(page.say_with("Compute the digest of the signed list. It must be {digest}.",
                               {{"digest", html_code(page.report.manifest_sha256)}}),
                 "sha256sum META-INF/ASiCManifest001.xml");
    if (const std::string commands = signature_commands(page); !commands.empty()) {
        html += step(page.say("Check the signatures. In ca.pem beside the folder stands the "
                              "certificate of the authority that you trust, from a source of your "
                              "own."),
                     commands.substr(0, commands.size() - 1));
        html += step(page.say("See who signed."),
                     "openssl pkcs7 -inform DER -in META-INF/signature001.p7s -print_certs -noout");
    }
    if (const std::string commands = time_stamp_commands(page); !commands.empty()) {
        html += step(page.say("Check the time-stamps, with the certificate of their authority in "
                              "tsa-ca.pem."),
                     commands.substr(0, commands.size() - 1));
    }
    return html;
}

std::string case_steps(const PageContext& page) {
    std::string commands = "cd " + shell_word(last_name_of(page.report.target));
    std::size_t count = 0;
    for (const VerifiedObject& object : page.report.objects) {
        if (object.sha256.empty() || ++count > max_commands) continue;
        commands += "\nsha256sum " + shell_word(object.name);
    }
    return step(page.say("Compute the digests of the files and compare them with those on this "
                         "page, and with the acquisition record beside each file."),
                commands);
}

std::string transfer_steps(const PageContext& page) {
    return step(page.say("Compare the parts with their list, and the list with offer.json."),
                "cd " + shell_word(last_name_of(page.report.target)) +
                    "\nsha256sum -c --quiet parts.txt\nsha256sum parts.txt\ncat offer.json") +
           step(page.say("Check who signed the offer. In ca.pem beside the folder stands the "
                         "certificate of the authority that you trust, from a source of your own."),
                "openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore "
                "-CAfile ../ca.pem \\\n    -in offer.p7s -content offer.json -out /dev/null");
}

// Each manifest names its algorithm; programs of these names come with every system.
std::string bag_steps(const PageContext& page) {
    static constexpr std::string_view known[] = {"md5",    "sha1",   "sha224",
                                                 "sha256", "sha384", "sha512"};
    std::string commands;
    for (const std::string& name : page.report.bag->payload_algorithms) {
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) continue;
        commands += "\n" + name + "sum -c --quiet manifest-" + name + ".txt";
    }
    if (commands.empty()) return "";
    return step(page.say("Compare the files with the manifests, inside the bag once it is "
                         "unpacked. Silence means that all of them fit."),
                "cd " + shell_word(last_name_of(page.report.target)) + commands);
}

// Of a kind that is checked by our programs only: nothing.
std::string steps(const PageContext& page) {
    if (page.report.kind == TargetKind::package) return package_steps(page);
    if (page.report.kind == TargetKind::case_folder) return case_steps(page);
    if (page.report.kind == TargetKind::transfer) return transfer_steps(page);
    if (page.report.bag) return bag_steps(page);
    return "";
}

// With what was asked of this verification, or the verdict may be another one.
std::string whole_verification(const PageContext& page) {
    const ReportPageFacts& facts = page.facts;
    std::string command = "evidence-verify " + shell_word(last_name_of(page.report.target)) +
                          " --trust-anchor ca.pem";
    if (!facts.time_stamp_anchors.empty()) command += " --tsa-anchor tsa-ca.pem";
    const auto add = [&command](const std::string& option, const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            command += " \\\n    " + option + " " + shell_word(last_name_of(file));
        }
    };
    add("--crl", facts.revocation_lists);
    add("--head", facts.heads);
    for (const std::string& each : facts.required) command += " --require " + shell_word(each);
    return command + (facts.quick ? " --quick" : "");
}

}  // namespace

std::string repeat_section(const PageContext& page) {
    return page_section(
        "repeat", page.say("How to repeat this"),
        "<p>" +
            page.say("These commands need no program of ours, only what most systems have. Another "
                     "expert can type them and must come to the same answers.") +
            "</p>\n<ol class=\"steps\">\n" + steps(page) +
            step(page.say("Or repeat the whole verification, which also re-derives every record "
                          "and every link of the history."),
                 whole_verification(page)) +
            "</ol>\n");
}

std::string about_section(const PageContext& page) {
    PageFactsList facts;
    facts.add(page.say("Made by"), html_text(page.facts.tool));
    facts.add(page.say("Checked at"), html_time(page.report.checked_at));
    facts.add(page.say("Target"), html_evidence(page.report.target));
    facts.add(page.say("Terms of the verdict"), html_text("ETSI EN 319 102-1"));
    return page_section(
        "about", page.say("About this report"),
        facts.html() + "<p>" +
            page.say("This page is a convenience. The evidence is the file that was verified; "
                     "whoever doubts the page can verify the file again.") +
            "</p>\n<p>" +
            page.say("In texts from the evidence, control characters, invisible characters and "
                     "characters that change the direction of writing are shown as escapes that "
                     "begin with a backslash. Long texts are cut, and end in two dots.") +
            "</p>\n");
}

}  // namespace evidence
