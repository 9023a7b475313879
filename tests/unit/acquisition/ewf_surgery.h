// Changes to the bytes of one E01 segment file.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace evidence::test {

inline std::uint64_t number_at(const std::string& set, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(set[at + i]);
    return value;
}

inline void put_number(std::string& set, std::size_t at, std::size_t size, std::uint64_t value) {
    for (std::size_t i = 0; i < size; ++i) set[at + i] = static_cast<char>(value >> (8 * i));
}

// Where the section begins.
inline std::size_t section(const std::string& set, std::string_view type) {
    for (std::size_t at = 13;; at = number_at(set, at + 16, 8)) {
        if (set.compare(at, type.size() + 1, std::string(type) + '\0') == 0) return at;
        if (number_at(set, at + 16, 8) <= at) throw std::runtime_error("no such section");
    }
}

inline void put_adler32(std::string& set, std::size_t begin, std::size_t size) {
    put_number(set, begin + size, 4, libdeflate_adler32(1, set.data() + begin, size));
}

}  // namespace evidence::test
