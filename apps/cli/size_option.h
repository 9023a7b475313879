// Sizes as people type them: 512, 64KiB, 16MiB, 2GiB.
//
// Thread rule: plain function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace evidence::cli {

// In bytes; nullopt for anything else, and for more than 2^63 - 1.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace evidence::cli
