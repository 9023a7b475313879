#include "package/document_members.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {

void require_members(const Json& object, MemberNames required, MemberNames optional,
                     std::string_view where) {
    if (!object.is_object()) {
        throw Error(ErrorKind::malformed,
                    fmt::format("wrong value: {} (expected an object)", where));
    }
    for (const std::string_view name : required) {
        if (!object.find(name)) fail_member(where, name, "to be there");
    }
    const auto holds = [](MemberNames names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const Json::Member& member : object.members()) {
        if (holds(required, member.first) || holds(optional, member.first)) continue;
        fail_member(where, member.first, "no such member");
    }
}

void fail_member(std::string_view where, std::string_view member, std::string_view expected) {
    throw Error(ErrorKind::malformed,
                fmt::format("wrong member: {}: {} (expected {})", where, member, expected));
}

const std::string& hex_member(const Json& object, std::string_view member, std::size_t digits,
                              std::string_view where) {
    const std::string& text = object.at(member).string();
    if (!is_hex(text, digits)) {
        fail_member(where, member, fmt::format("{} lower-case hexadecimal digits", digits));
    }
    return text;
}

Sha256 sha256_member(const Json& object, std::string_view member, std::string_view where) {
    const Bytes bytes = from_hex(hex_member(object, member, 64, where)).value();
    Sha256 digest;
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

UtcTime time_member(const Json& object, std::string_view member, std::string_view where) {
    const std::optional<UtcTime> time = parse_utc(object.at(member).string());
    if (!time) fail_member(where, member, "a time like 2026-11-22T01:15:38.000Z");
    return *time;
}

}  // namespace evidence
