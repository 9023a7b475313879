#include "digest/digest_table.h"

#include <algorithm>

namespace evidence {
namespace {

constexpr std::size_t rows_per_write = 4096;
constexpr std::uint64_t small_range = 64;  // from here on halving is as good as guessing
constexpr unsigned max_guesses = 16;       // keys that are not spread evenly are halved

// The first bytes of a key as a number, by which it can be guessed where the key stands.
std::uint64_t leading(const DigestKey& key) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | key[i];
    return value;
}

}  // namespace

DigestKey digest_key(ByteView digest) {
    DigestKey key{};
    std::copy_n(digest.begin(), std::min(digest.size(), key.size()), key.begin());
    return key;
}

void DigestTableWriter::write(File& file) {
    std::vector<DigestRow> pending;
    const auto flush = [&] {
        file.write({reinterpret_cast<const std::uint8_t*>(pending.data()),
                    pending.size() * sizeof(DigestRow)});
        pending.clear();
        context_.check_interrupted();
    };
    rows_.visit([&](const DigestRow& row) {
        pending.push_back(row);
        if (pending.size() == rows_per_write) flush();
    });
    flush();
}

DigestRow DigestTable::row(std::uint64_t number) const {
    DigestRow row;
    file_->read_exactly_at({reinterpret_cast<std::uint8_t*>(&row), sizeof row},
                           offset_ + number * sizeof row);
    return row;
}

// The first row whose key is not less.
std::uint64_t DigestTable::lower_bound(const DigestKey& key) const {
    std::uint64_t first = 0, end = rows_;
    // What the keys before `first` and from `end` on are known to be at least, and at most.
    std::uint64_t low = 0, high = ~std::uint64_t{0};
    const std::uint64_t wanted = leading(key);
    for (unsigned guesses = 0; first < end; ++guesses) {
        std::uint64_t middle = first + (end - first) / 2;
        if (guesses < max_guesses && end - first > small_range && high > low) {
            const long double share = static_cast<long double>(wanted - std::min(low, wanted)) /
                                      static_cast<long double>(high - low);
            const auto step =
                static_cast<std::uint64_t>(share * static_cast<long double>(end - first));
            middle = first + std::min(step, end - first - 1);
        }
        const DigestRow at = row(middle);
        if (at.key < key) {
            first = middle + 1;
            low = leading(at.key);
        } else {
            end = middle;
            high = leading(at.key);
        }
    }
    return first;
}

std::optional<std::uint64_t> DigestTable::find(const DigestKey& key) const {
    const std::uint64_t number = lower_bound(key);
    if (number < rows_ && row(number).key == key) return number;
    return std::nullopt;
}

}  // namespace evidence
