#include "transfer/document_reader.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {

bool is_sha256_hex(std::string_view text) { return is_hex(text, 64); }

void DocumentReader::require_members(std::initializer_list<std::string_view> names) const {
    if (!object_.is_object()) {
        throw Error(ErrorKind::malformed,
                    "not a JSON object: " + std::string(where_) + " (expected one)");
    }
    for (std::string_view name : names) {
        if (!object_.find(name)) fail("missing member", name);
    }
    for (const Json::Member& member : object_.members()) {
        if (std::find(names.begin(), names.end(), member.first) == names.end()) {
            fail("unexpected member", member.first);
        }
    }
}

void DocumentReader::require_format(std::string_view format) const {
    const Json* value = object_.find("format");
    if (value && value->is_string() && value->string() == format) return;
    fail("wrong format", "format", format);
}

std::string DocumentReader::text(std::string_view name, Shape shape,
                                 std::string_view expected) const {
    const Json& value = object_.at(name);
    if (!value.is_string() || !shape(value.string())) fail("wrong value", name, expected);
    return value.string();
}

std::string DocumentReader::text_or_null(std::string_view name, Shape shape,
                                         std::string_view expected) const {
    return is_null(name) ? std::string() : text(name, shape, expected);
}

std::string DocumentReader::digest(std::string_view name) const {
    return text(name, is_sha256_hex, "64 hex digits");
}

std::string DocumentReader::digest_or_null(std::string_view name) const {
    return text_or_null(name, is_sha256_hex, "64 hex digits or null");
}

std::uint64_t DocumentReader::size(std::string_view name) const {
    const Json& value = object_.at(name);
    if (!value.is_integer() || value.integer() < 0) fail("wrong value", name, "a size");
    return value.size();
}

UtcTime DocumentReader::time(std::string_view name) const {
    const Json& value = object_.at(name);
    const std::optional<UtcTime> time =
        value.is_string() ? parse_utc(value.string()) : std::nullopt;
    if (!time) fail("wrong value", name, "a UTC time with milliseconds");
    return *time;
}

std::optional<UtcTime> DocumentReader::time_or_null(std::string_view name) const {
    if (is_null(name)) return std::nullopt;
    return time(name);
}

bool DocumentReader::boolean(std::string_view name) const {
    const Json& value = object_.at(name);
    if (!value.is_bool()) fail("wrong value", name, "true or false");
    return value.boolean();
}

std::vector<std::string> DocumentReader::list(std::string_view name, std::size_t max_items,
                                              Shape shape) const {
    const Json& value = object_.at(name);
    if (!value.is_array()) fail("wrong value", name, "a list");
    if (value.items().size() > max_items) {
        fail("wrong value", name, "at most " + std::to_string(max_items) + " items");
    }
    std::vector<std::string> texts;
    std::set<std::string_view> seen;
    for (const Json& item : value.items()) {
        if (!item.is_string() || !shape(item.string()) || !seen.insert(item.string()).second) {
            fail("wrong value", name, "distinct items of one shape");
        }
        texts.push_back(item.string());
    }
    return texts;
}

DocumentReader DocumentReader::object(std::string_view name) const {
    return {object_.at(name), where_};
}

bool DocumentReader::is_null(std::string_view name) const { return object_.at(name).is_null(); }

void DocumentReader::fail(std::string_view what, std::string_view name,
                          std::string_view expected) const {
    std::string message = std::string(what) + " \"" + std::string(name) + "\": ";
    message += where_;
    if (!expected.empty()) message += " (expected " + std::string(expected) + ")";
    throw Error(ErrorKind::malformed, message);
}

}  // namespace evidence
