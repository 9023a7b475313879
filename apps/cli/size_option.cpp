#include "cli/size_option.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"

namespace evidence::cli {

std::optional<std::uint64_t> parse_size(std::string_view text) {
    constexpr std::uint64_t most = INT64_MAX;
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [unit, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc()) return std::nullopt;
    for (const auto& [name, factor] : {std::pair<std::string_view, std::uint64_t>{"", 1},
                                       {"KiB", kib},
                                       {"MiB", mib},
                                       {"GiB", gib},
                                       {"TiB", 1024 * gib}}) {
        if (std::string_view(unit, static_cast<std::size_t>(end - unit)) != name) continue;
        if (number <= most / factor) return number * factor;
    }
    return std::nullopt;
}

}  // namespace evidence::cli
