#include "verification/extracted_names.h"

#include <fmt/format.h>

#include <charconv>

#include "acquisition/item_files.h"
#include "base/hex.h"
#include "base/utc_time.h"

namespace evidence {
namespace {

// The last part of the source's path; empty when that is no name (a stream from standard input).
std::string source_name(const Json& record) {
    std::string path = text_or_bytes(record, "source");
    while (path.ends_with('/')) path.pop_back();
    const std::size_t slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    const bool is_name = !name.empty() && name != "." && name != ".." && name != "-" &&
                         name.find('\0') == std::string::npos;
    return is_name ? name : std::string();
}

std::string without_extension(const std::string& name, std::string_view extension) {
    const std::string ending = fs::path(name).extension().native();
    const bool is_it = ending.size() == extension.size() + 1 &&
                       (ending.substr(1) == extension || ending == ".e01");
    return is_it ? name.substr(0, name.size() - ending.size()) : name;
}

std::string name_of_whole(ItemKind kind, const std::string& source) {
    if (source.empty()) return std::string(object_file_name(kind));
    // A device has a name without an extension.
    const bool is_image = kind == ItemKind::image || kind == ItemKind::stream;
    return is_image && source.find('.') == std::string::npos ? source + ".img" : source;
}

}  // namespace

std::string text_or_bytes(const Json& record, std::string_view key) {
    if (const Json* text = record.find(key); text && text->is_string()) return text->string();
    const Json* bytes = record.find(std::string(key) + "_bytes");
    if (!bytes || !bytes->is_string()) return {};
    const auto raw = from_hex(bytes->string());
    return raw ? std::string(as_text(*raw)) : std::string();
}

std::string item_folder_of(const Json& record) { return "items/" + record.at("item").string(); }

unsigned mode_of(const Json& record) {
    const Json* member = record.find("mode");
    unsigned mode = 0;
    if (member && member->is_string()) {
        const std::string& text = member->string();
        std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    }
    return mode & 07777;
}

// "2025-10-25T00:00:00.123456789Z": what parse_utc reads with six digits more.
std::optional<FileTime> mtime_of(const Json& record) {
    constexpr std::size_t length = 30, milliseconds_end = 23, nanoseconds_at = 20;
    const Json* member = record.find("mtime");
    if (!member || !member->is_string() || member->string().size() != length) return std::nullopt;
    const std::string& text = member->string();
    const auto time = parse_utc(text.substr(0, milliseconds_end) + "Z");
    if (!time) return std::nullopt;
    FileTime result{time->seconds(), 0};
    std::from_chars(text.data() + nanoseconds_at, text.data() + length - 1, result.nanoseconds);
    return result;
}

void ExtractedNames::begin_object(const Json& record) {
    const std::string& kind = record.at("kind").string();
    folder_ = item_folder_of(record);
    if (kind != "segment") {
        kind_ = kind;
        stem_ = source_name(record);
    }
    if (kind == "region") {
        const std::uint64_t offset = record.at("offset_bytes").size();
        name_ = fmt::format("bytes-{}-{}.bin", offset, offset + record.at("size_bytes").size());
        return;
    }
    if (kind == "redaction") {
        constexpr std::size_t digits = 8;  // of a leaf: enough to keep copies apart
        name_ = fmt::format("redacted-{}.bin", record.at("of").string().substr(0, digits));
        return;
    }
    const auto item_kind = item_kind_named(kind_);
    if (!item_kind) {
        name_ = "object";
        return;
    }
    const Json* segment = record.find("segment");
    if (!segment) {
        name_ = name_of_whole(*item_kind, stem_);
        return;
    }
    const fs::path file =
        segment_file_name(*item_kind, static_cast<std::size_t>(segment->size() - 1));
    const std::string stem = without_extension(stem_, object_extension(*item_kind));
    name_ = (stem.empty() ? file.stem().native() : stem) + file.extension().native();
}

}  // namespace evidence
