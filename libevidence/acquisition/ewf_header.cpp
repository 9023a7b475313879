#include "acquisition/ewf_header.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";  // libewf drops it

bool is_control(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7f;
}

[[noreturn]] void refuse(const char* field, const std::string& expected) {
    throw Error(ErrorKind::usage,
                std::string("E01 cannot hold this ") + field + " (expected " + expected + ")",
                "shorten or rewrite it; the acquisition record itself has no such limit");
}

}  // namespace

void check_ewf_header(const EwfHeader& header) {
    for (const EwfHeaderField& field : ewf_header_fields) {
        const std::string& value = header.*field.value;
        if (value.size() > max_ewf_value_bytes) {
            refuse(field.identifier, "at most " + std::to_string(max_ewf_value_bytes) + " bytes");
        }
        if (std::any_of(value.begin(), value.end(), is_control)) {
            refuse(field.identifier, "one line without tabs and control characters");
        }
        if (value.starts_with(byte_order_mark)) {
            refuse(field.identifier, "no byte order mark at its start");
        }
        if (!is_valid_utf8(value)) refuse(field.identifier, "UTF-8");
    }
    if (!header.acquired_at) return;
    const std::int64_t seconds = header.acquired_at->seconds();
    if (seconds <= 0 || seconds > std::numeric_limits<std::uint32_t>::max()) {
        refuse("acquiry_date", "a time from 1970 to 2106");
    }
}

}  // namespace evidence
