#include "verification/bag_check.h"

#include <algorithm>

#include "base/error.h"
#include "verification/bag_path.h"

namespace evidence {
namespace {

bool is_weak(std::string_view algorithm) { return algorithm == "md5" || algorithm == "sha1"; }

}  // namespace

BagCheck::BagCheck(BagSource& source, const Context& context, VerificationReport& report)
    : source_(source), context_(context), report_(report) {}

void BagCheck::run() {
    facts_.form = source_.form();
    check_declaration();
    contents_.emplace(declaration_.version, report_.findings);
    check_payload_folder();
    bool is_whole = false;
    if (declaration_.encoding_is_known) {
        check_manifests();
        check_fetch();
        check_metadata();
    }
    if (declaration_.encoding_is_known && !has_limit_) {
        is_whole = source_.read_all(
            contents_->algorithms(), [&](const BagItem& item) { contents_->add_item(item); },
            report_.findings);
    }
    if (is_whole) {
        contents_->settle(declaration_.encoding);
        judge_oxum();
    }
    const bool has_answer = is_whole || report_.findings.heaviest(Layer::content) != Weight::info;
    if (has_answer) report_.layers.insert(Layer::content);
    facts_.payload_bytes = contents_->payload().octets;
    facts_.payload_files = contents_->payload().streams;
    facts_.tag_files = contents_->tag_files();
    report_.bag = std::move(facts_);
}

void BagCheck::check_declaration() {
    file_ = bag_declaration_name;
    if (!source_.tag_files().contains(bag_declaration_name)) {
        add("bag.missing-tag-file", Weight::failed,
            "the bag declaration is missing; the rest is read as BagIt 0.97 in UTF-8", file_);
        return;
    }
    const File file = source_.open_tag_file(file_);
    std::string text(bag_declaration_max_bytes + 1, '\0');
    text.resize(file.read_at(
        MutableByteView(reinterpret_cast<std::uint8_t*>(text.data()), text.size()), 0));
    if (text.size() > bag_declaration_max_bytes) {
        add("bag.malformed-declaration", Weight::failed, "larger than two lines can be", file_);
        return;
    }
    declaration_ = parse_bag_declaration(text, report_.findings);
    facts_.version = declaration_.version_text;
    facts_.encoding = declaration_.encoding_name;
}

void BagCheck::check_payload_folder() {
    if (source_.has_payload_folder()) return;
    add("bag.no-payload-folder", Weight::failed, "the payload folder is missing", "data");
}

void BagCheck::check_metadata() {
    for (const std::string_view name : {bag_info_name, package_info_name}) {
        file_ = name;
        if (!source_.tag_files().contains(name)) continue;
        const File file = source_.open_tag_file(file_);
        TagLines lines(file, declaration_.encoding);
        read_bag_info(lines, name, declaration_.version, report_.findings,
                      [&](std::string_view label, std::string_view value) {
                          if (is_oxum_label(label)) check_oxum(value);
                      });
        finish_lines(lines, file_);
    }
}

void BagCheck::check_oxum(std::string_view value) {
    if (!facts_.declared_oxum.empty()) {
        add("bag.repeated-label",
            declaration_.version.is_strict() ? Weight::failed : Weight::warning,
            "Payload-Oxum stands more than once; the first one counts", file_);
        return;
    }
    facts_.declared_oxum = value;
    if (value.empty() || !parse_oxum(value)) {
        add("bag.malformed-tag-file", Weight::failed,
            "Payload-Oxum is not OCTETS.FILES: " + std::string(value), file_);
    }
}

void BagCheck::judge_oxum() {
    const auto declared = parse_oxum(facts_.declared_oxum);
    if (!declared || *declared == contents_->payload()) return;
    add("bag.wrong-oxum", Weight::failed,
        "Payload-Oxum is not that of the payload (declared " + declared->text() + ", found " +
            contents_->payload().text() + ")",
        "data");
}

void BagCheck::check_fetch() {
    file_ = fetch_file_name;
    if (!source_.tag_files().contains(fetch_file_name)) return;
    const File file = source_.open_tag_file(file_);
    TagLines lines(file, declaration_.encoding);
    while (const auto line = lines.next()) {
        context_.check_interrupted();
        line_ = lines.line_number();
        if (!is_blank_line(*line)) read_fetch_line(*line);
    }
    finish_lines(lines, file_);
    add("bag.fetch", Weight::info,
        std::to_string(facts_.fetch_entries) +
            " payload files may have been left out, to be fetched; nothing is fetched here",
        file_);
}

void BagCheck::read_fetch_line(std::string_view line) {
    ++facts_.fetch_entries;
    const auto parsed = parse_fetch_line(line);
    if (const auto* problem = std::get_if<FetchLineProblem>(&parsed)) {
        add("bag.malformed-tag-file", Weight::failed,
            "not a line of a fetch file (expected " + std::string(problem->expected) + ")", here());
        return;
    }
    const FetchLine& fetch = std::get<FetchLine>(parsed);
    if (const auto path = place_of(fetch.path, ManifestKind::payload)) {
        contents_->add_fetch(*path, fetch.size_bytes);
    }
}

std::optional<std::string> BagCheck::place_of(std::string_view written, ManifestKind kind) {
    if (written.size() > bag_path_max_bytes) {
        add("bag.path-outside", Weight::failed, "a path longer than any system has", here());
        return std::nullopt;
    }
    BagPath place = bag_path(written, declaration_.version);
    if (!place.fault.empty()) {
        add("bag.path-outside", Weight::failed,
            "names " + std::string(place.fault) + ": " + std::string(written), here());
        return std::nullopt;
    }
    if (!place.was_normal && !said_not_normal_) {
        said_not_normal_ = true;
        add("bag.path-not-normal", Weight::warning,
            "a path with empty, . or .. parts, read as " + place.path, here());
    }
    const bool is_payload = is_payload_path(place.path);
    if (kind == ManifestKind::payload && !is_payload) {
        add("bag.wrong-entry", Weight::failed,
            "names a file outside of the payload folder: " + std::string(written), here());
        return std::nullopt;
    }
    if (kind == ManifestKind::tags && is_payload) {
        add("bag.wrong-entry", declaration_.version.is_strict() ? Weight::failed : Weight::warning,
            "a tag manifest lists a payload file: " + std::string(written), here());
    }
    return std::move(place.path);
}

void BagCheck::finish_lines(const TagLines& lines, const std::string& name) {
    if (!lines.problem().empty()) {
        add("bag.malformed-tag-file", Weight::failed,
            lines.problem() + " (expected text in " +
                (declaration_.encoding_name.empty() ? "UTF-8" : declaration_.encoding_name) + ")",
            name + ":" + std::to_string(lines.line_number()));
    }
    if (lines.has_needless_mark()) {
        add("bag.byte-order-mark",
            declaration_.version.is_strict() ? Weight::failed : Weight::warning,
            "begins with a byte order mark, which its encoding does not need", name);
    }
}

void BagCheck::judge_algorithms() {
    const auto& used = facts_.payload_algorithms;
    if (used.empty() || !std::all_of(used.begin(), used.end(), is_weak)) return;
    add("bag.weak-algorithm", Weight::warning,
        "the payload has no digest stronger than MD5 or SHA-1: damage shows, a forgery may not");
}

void BagCheck::add(std::string_view code, Weight weight, std::string message, std::string where) {
    report_.findings.add(std::string(code), Layer::structure, weight, std::move(message),
                         std::move(where));
}

std::string BagCheck::here() const { return file_ + ":" + std::to_string(line_); }

}  // namespace evidence
