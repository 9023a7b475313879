#include "verification/name_fold.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "base/bytes.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::size_t max_bytes = 64 * kib;

struct FreeDeleter {
    void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

std::string in_lower_case(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool is_ascii(std::string_view name) {
    for (char c : name) {
        if (static_cast<unsigned char>(c) > 0x7F) return false;
    }
    return true;
}

}  // namespace

std::string folded_name(std::string_view name) {
    if (is_ascii(name) || name.size() > max_bytes || !is_valid_utf8(name)) {
        return in_lower_case(name);
    }
    utf8proc_uint8_t* folded = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
        static_cast<utf8proc_ssize_t>(name.size()), &folded,
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
    const std::unique_ptr<utf8proc_uint8_t, FreeDeleter> owner(folded);
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    if (size < 0) return in_lower_case(name);
    return {reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size)};
}

}  // namespace evidence
