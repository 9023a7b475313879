#include "package/record_scan.h"

#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"

namespace evidence {
namespace {

// The text of the string member `key`, quotes and escapes as they stand. A canonical line has
// `,"key":"` nowhere but where that member is: inside a string every quotation mark is escaped.
std::string_view member(std::string_view record, std::string_view key) {
    const void* found = ::memmem(record.data(), record.size(), key.data(), key.size());
    if (!found) return {};
    const std::size_t start =
        static_cast<std::size_t>(static_cast<const char*>(found) - record.data()) + key.size();
    std::size_t end = record.find('"', start);
    // An escaped quotation mark has an odd number of backslashes before it.
    while (end != std::string_view::npos) {
        std::size_t backslashes = 0;
        while (record[end - 1 - backslashes] == '\\') ++backslashes;
        if (backslashes % 2 == 0) return record.substr(start, end - start);
        end = record.find('"', end + 1);
    }
    return {};
}

}  // namespace

std::optional<std::string> ScannedRecord::path() const {
    if (!is_entry()) return std::nullopt;
    if (!name_bytes.empty()) {
        const std::optional<Bytes> raw = from_hex(name_bytes);
        if (!raw) return std::nullopt;
        return std::string(as_text(*raw));
    }
    if (name.find('\\') == std::string_view::npos) return std::string(name);
    return parse_canonical("\"" + std::string(name) + "\"", "name").string();
}

std::optional<ScannedRecord> scan_record_line(std::string_view line) {
    constexpr std::string_view start = "{\"at\":{", between = "},\"record\":{";
    if (!line.starts_with(start) || !line.ends_with("}}")) return std::nullopt;
    // `at` holds the name of an object and a number: no brace of its own.
    const std::size_t end_of_at = line.find('}', start.size());
    if (line.substr(end_of_at, between.size()) != between) return std::nullopt;
    ScannedRecord record;
    record.record_bytes = line.substr(end_of_at + between.size() - 1);
    record.record_bytes.remove_suffix(1);
    std::string_view rest = record.record_bytes;
    // Members stand in the order of their keys: each is looked for behind the one before.
    const auto take = [&rest](std::string_view key) {
        const std::string_view value = member(rest, key);
        if (value.data()) {
            rest.remove_prefix(static_cast<std::size_t>(value.data() - rest.data()) + value.size());
        }
        return value;
    };
    record.item = take(",\"item\":\"");
    record.kind = take(",\"kind\":\"");
    if (record.item.empty() || record.kind.empty()) return std::nullopt;
    if (!record.is_entry()) return record;
    record.name = take(",\"name\":\"");
    if (record.name.empty()) record.name_bytes = take(",\"name_bytes\":\"");
    record.type = take(",\"type\":\"");
    return record;
}

}  // namespace evidence
