#include "acquisition/omissions.h"

#include <string.h>

#include "base/utc_time.h"

namespace evidence {
namespace {

// "EACCES": the same on every system, unlike its number.
std::string error_name(int error_number) {
    const char* name = ::strerrorname_np(error_number);
    return name ? name : std::to_string(error_number);
}

Json omission(std::string_view name, std::string_view reason) {
    Json line = Json::object({{"reason", reason}});
    set_text_or_bytes(line, "name", name);
    return line;
}

Json failure(std::string_view name, int error_number, std::string_view rule) {
    Json line = omission(name, "failed");
    line.set("errno", error_name(error_number));
    if (!rule.empty()) line.set("rule", rule);
    return line;
}

std::string text_of(FileTime time) {
    return format_utc_nanoseconds(time.seconds, static_cast<int>(time.nanoseconds));
}

}  // namespace

Json to_json(const TreeAccount& account) {
    Json json = Json::object({{"changed", account.changed},
                              {"collected", account.collected},
                              {"excluded", account.excluded},
                              {"failed", account.failed},
                              {"seen", account.seen()}});
    if (account.omitted_sha256) json.set("omitted_sha256", *account.omitted_sha256);
    return json;
}

void Omissions::exclude(std::string_view name, std::string_view rule, Exclusion reason) {
    Json line = omission(name, "excluded");
    line.set("rule", rule);
    add(line);
    ++account_.excluded;
    if (reason == Exclusion::asked_for) ++account_.excluded_as_asked;
}

void Omissions::fail(std::string_view name, int error_number, std::string_view rule) {
    add(failure(name, error_number, rule));
    ++account_.failed;
}

void Omissions::fail_part(std::string_view name, std::string_view part, int error_number,
                          std::string_view rule, std::optional<std::uint64_t> offset_bytes) {
    Json line = failure(name, error_number, rule);
    line.set("part", part);
    if (offset_bytes) line.set("offset_bytes", *offset_bytes);
    add(line);
    ++account_.failed;
}

void Omissions::change(std::string_view name, const FileChange& change) {
    Json line = omission(name, "changed");
    line.set("size_before", change.size_before);
    line.set("size_after", change.size_after);
    line.set("mtime_before", text_of(change.mtime_before));
    line.set("mtime_after", text_of(change.mtime_after));
    add(line);
    ++account_.changed;
}

void Omissions::add(const Json& line) {
    if (!lines_) lines_.emplace(path_);
    lines_->add(canonical(line));
}

TreeAccount Omissions::finish() {
    if (lines_) account_.omitted_sha256 = lines_->finish();
    return account_;
}

}  // namespace evidence
