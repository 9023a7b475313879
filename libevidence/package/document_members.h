// Strict reading of the objects in our documents: exactly the members a format knows, each well
// formed. All of them throw Error(malformed) quoting `where`.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/utc_time.h"
#include "digest/digest.h"

namespace evidence {

using MemberNames = std::initializer_list<std::string_view>;

// Every required member is there, and no other but the optional ones.
void require_members(const Json& object, MemberNames required, MemberNames optional,
                     std::string_view where);

[[noreturn]] void fail_member(std::string_view where, std::string_view member,
                              std::string_view expected);

// A string member of exactly that many lower-case hex digits.
const std::string& hex_member(const Json& object, std::string_view member, std::size_t digits,
                              std::string_view where);
Sha256 sha256_member(const Json& object, std::string_view member, std::string_view where);
UtcTime time_member(const Json& object, std::string_view member, std::string_view where);

}  // namespace evidence
