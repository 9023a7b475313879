#include "acquisition/byte_evenness.h"

#include <array>

namespace evidence {
namespace {

constexpr std::size_t enough_bytes = 16 * kib;
// Of 255 degrees of freedom: mean 255, standard deviation 22.6. Eight of these on either side.
constexpr double most_even = 75, least_even = 435;

using Counts = std::array<std::uint32_t, 256>;

// Four counts by turns, so that equal neighbours do not wait for each other.
Counts count_values(ByteView bytes) {
    std::array<Counts, 4> counts{};
    std::size_t i = 0;
    for (; i + 4 <= bytes.size(); i += 4) {
        for (std::size_t turn = 0; turn < 4; ++turn) ++counts[turn][bytes[i + turn]];
    }
    for (; i < bytes.size(); ++i) ++counts[0][bytes[i]];
    for (std::size_t value = 0; value < 256; ++value) {
        for (std::size_t turn = 1; turn < 4; ++turn) counts[0][value] += counts[turn][value];
    }
    return counts[0];
}

}  // namespace

bool looks_like_noise(ByteView bytes) {
    if (bytes.size() < enough_bytes) return false;
    const double expected = static_cast<double>(bytes.size()) / 256;
    double chi_squared = 0;
    for (const std::uint32_t count : count_values(bytes)) {
        const double difference = count - expected;
        chi_squared += difference * difference / expected;
    }
    return chi_squared > most_even && chi_squared < least_even;
}

}  // namespace evidence
