// Reads the members of a JSON object of a closed format: each by name, each of one shape, none
// beside them. Everything else is Error(malformed) naming the member and the document.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/utc_time.h"

namespace evidence {

bool is_sha256_hex(std::string_view text);

// Borrows the object and the name; both must outlive it.
class DocumentReader {
public:
    using Shape = bool (*)(std::string_view text);

    DocumentReader(const Json& object, std::string_view where) : object_(object), where_(where) {}

    // Error(malformed) unless the members are exactly these (in any order here).
    void require_members(std::initializer_list<std::string_view> names) const;
    // Error(malformed) unless the member `format` is this text: to be called before all others.
    void require_format(std::string_view format) const;

    std::string text(std::string_view name, Shape shape, std::string_view expected) const;
    // Empty when the member is null.
    std::string text_or_null(std::string_view name, Shape shape, std::string_view expected) const;
    std::string digest(std::string_view name) const;
    std::string digest_or_null(std::string_view name) const;
    std::uint64_t size(std::string_view name) const;
    UtcTime time(std::string_view name) const;
    std::optional<UtcTime> time_or_null(std::string_view name) const;
    bool boolean(std::string_view name) const;
    // At most `max_items` strings of one shape, none twice.
    std::vector<std::string> list(std::string_view name, std::size_t max_items, Shape shape) const;
    DocumentReader object(std::string_view name) const;
    bool is_null(std::string_view name) const;

    [[noreturn]] void fail(std::string_view what, std::string_view name,
                           std::string_view expected = {}) const;

private:
    const Json& object_;
    std::string_view where_;
};

}  // namespace evidence
