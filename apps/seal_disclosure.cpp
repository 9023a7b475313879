#include "seal_disclosure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "cli/diagnostics.h"

namespace evidence::cli {
namespace {

constexpr std::size_t list_line_max_bytes = 64 * 1024;

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-seal --help");
}

// Decimal, or hexadecimal behind 0x.
std::uint64_t parse_offset(std::string_view text, const std::string& range) {
    const bool is_hex = text.starts_with("0x");
    const std::string_view digits = is_hex ? text.substr(2) : text;
    std::uint64_t offset = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, offset, is_hex ? 16 : 10);
    if (error == std::errc() && stop == end) return offset;
    refuse("not a range: " + printable(range) + " (expected START-END or ITEM:START-END)");
}

// An item's name may hold '-', but no ':'.
RangeWish parse_range(const std::string& text) {
    RangeWish wish;
    const std::size_t colon = text.find(':');
    if (colon != std::string::npos) wish.item = text.substr(0, colon);
    const std::string_view bytes =
        std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1);
    const std::size_t dash = bytes.find('-');
    wish.first = parse_offset(bytes.substr(0, dash), text);
    wish.end = parse_offset(dash == std::string_view::npos ? "" : bytes.substr(dash + 1), text);
    return wish;
}

// What stands in front of the last '=' may hold one; the name of a file given here does not.
Replacement parse_replacement(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
        refuse("not a replacement: " + printable(text) + " (expected ITEM=FILE or ITEM/PATH=FILE)");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<std::string> read_list(const std::string& path) {
    File file =
        path == "-" ? File::adopt(::dup(STDIN_FILENO), "standard input") : File::open_read(path);
    LineReader lines([&file](MutableByteView buffer) { return file.read_some(buffer); },
                     file.name(), list_line_max_bytes);
    std::vector<std::string> wishes;
    while (const auto line = lines.next()) {
        if (line->empty()) continue;
        wishes.emplace_back(*line);
    }
    if (wishes.empty())
        refuse("an empty list: " + printable(path) + " (expected ITEM or ITEM/PATH)");
    return wishes;
}

}  // namespace

bool DisclosureOptions::is_any() const {
    return !from.empty() || !only.empty() || !patterns.empty() || !ranges.empty() ||
           !replacements.empty() || !list.empty() || is_named || is_blind || with_item_record ||
           !asked.empty() || !legal_basis.empty() || !given_name.empty() ||
           !given_organization.empty();
}

void add_disclosure_options(CLI::App& app, DisclosureOptions& options) {
    app.add_option("--from", options.from, "Give a part of this finished package")
        ->type_name("PACKAGE");
    app.add_option("--only", options.only,
                   "With --from: this item, or this file of a captured tree; may be repeated")
        ->type_name("ITEM[/PATH]");
    app.add_option("--match", options.patterns,
                   "With --from: files of captured trees that fit; may be repeated")
        ->type_name("PATTERN");
    app.add_option("--only-from", options.list, "With --from: what the lines of this file name")
        ->type_name("FILE");
    app.add_option("--range", options.ranges,
                   "With --from, --named: bytes of a raw object, in whole pieces of 1 MiB")
        ->type_name("[ITEM:]START-END");
    app.add_option("--replace", options.replacements,
                   "With --from: this file in place of the item or file, for a --reason")
        ->type_name("ITEM[/PATH]=FILE");
    app.add_flag("--blind", options.is_blind, "Tell nothing of the rest but how much it is");
    app.add_flag("--named", options.is_named, "Tell name and digest of the rest");
    app.add_flag("--with-item-record", options.with_item_record,
                 "Also how the item was acquired of which a part is given");
    app.add_option("--given", options.given_name, "To whom it is given")->type_name("NAME");
    app.add_option("--given-organization", options.given_organization, "To which organization")
        ->type_name("NAME");
    app.add_option("--asked", options.asked, "What was asked for")->type_name("TEXT");
    app.add_option("--legal-basis", options.legal_basis, "On what legal ground it is given")
        ->type_name("TEXT");
}

void require_consistent(const DisclosureOptions& options) {
    if (!options.is_any()) return;
    if (options.from.empty()) refuse("a part of what? (expected --from PACKAGE)");
    if (options.only.empty() && options.patterns.empty() && options.ranges.empty() &&
        options.replacements.empty() && options.list.empty()) {
        refuse("which part? (expected --only, --match, --only-from, --range or --replace)");
    }
    if (options.is_named == options.is_blind) {
        refuse("what may be told of the rest? (expected one of --blind and --named)");
    }
    if (options.is_blind && !options.ranges.empty()) {
        refuse("--range and --blind (expected --named: a range is proven by digests without salt)");
    }
    for (const std::string* text :
         {&options.asked, &options.legal_basis, &options.given_name, &options.given_organization}) {
        if (!is_valid_utf8(*text)) refuse("not UTF-8: " + printable(*text));
    }
}

void warn_of_told_digests(const DisclosureOptions& options) {
    if (!options.is_named || options.replacements.empty()) return;
    print_warning(
        "evidence-seal",
        "name, size and digest of what is replaced are told, by which a short text can be "
        "guessed (--blind tells nothing of it)");
}

DiscloseRequest disclosure_request(const DisclosureOptions& options, const ActorOptions& actor) {
    DiscloseRequest request;
    request.selection.only = options.only;
    if (!options.list.empty()) {
        for (std::string& wish : read_list(options.list)) {
            request.selection.only.push_back(std::move(wish));
        }
    }
    request.selection.patterns = options.patterns;
    for (const std::string& text : options.ranges) {
        request.selection.ranges.push_back(parse_range(text));
    }
    for (const std::string& text : options.replacements) {
        request.selection.replacements.push_back(parse_replacement(text));
    }
    request.selection.reason = actor.reason;
    request.selection.with_item_record = options.with_item_record;
    request.kind = options.is_blind ? DisclosureKind::blind : DisclosureKind::named;
    if (!options.given_name.empty() || !options.given_organization.empty()) {
        request.given = GivenTo{options.given_name, options.given_organization};
    }
    request.asked = options.asked;
    request.authority = actor.authority;
    request.legal_basis = options.legal_basis;
    return request;
}

std::string disclosure_text(const SealedPackage& package) {
    const DisclosureDocument& disclosure = package.disclosure.value();
    std::string text = fmt::format(
        "from             {}\n"
        "disclosed        {} of {} records, {} withheld ({})\n",
        disclosure.origin.package_id, disclosure.disclosed, disclosure.of, disclosure.withheld(),
        name_of(disclosure.kind));
    if (package.passed_over > 0) {
        text +=
            fmt::format("passed over      {} (folders, links and the like that fit a pattern)\n",
                        package.passed_over);
    }
    return text;
}

void add_disclosure_members(Json& document, const SealedPackage& package) {
    const DisclosureDocument& disclosure = package.disclosure.value();
    document.set("format", "evidence-disclose-result/1");
    document.set("disclosed", disclosure.disclosed);
    document.set("from", disclosure.origin.package_id);
    document.set("kind", name_of(disclosure.kind));
    document.set("of", disclosure.of);
    document.set("passed_over", package.passed_over);
    document.set("withheld", disclosure.withheld());
}

}  // namespace evidence::cli
