// How a package is cut into parts, what the parts are called, and parts.txt: the digest of each
// part file, in order, in the form sha256sum writes and checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

inline constexpr std::uint64_t default_part_bytes = 16 * mib;
inline constexpr std::uint64_t min_part_bytes = 64 * kib;
inline constexpr std::uint64_t max_part_bytes = 64 * mib;
inline constexpr std::uint64_t max_parts = 999'999;

enum class PartForm {
    encrypted,  // part-000001.p7m
    clear,      // part-000001.bin
};

bool is_part_size(std::uint64_t bytes);

// How many parts a package of that size has: the last may be shorter, none is empty.
std::uint64_t part_count(std::uint64_t package_bytes, std::uint64_t part_bytes);

// Bytes of the package in part `number` (from 1).
std::uint64_t bytes_in_part(std::uint64_t number, std::uint64_t package_bytes,
                            std::uint64_t part_bytes);

std::string part_name(std::uint64_t number, PartForm form);  // number from 1
bool is_part_name(std::string_view name);                    // of either form

// Writes the list into an empty file; returns the SHA-256 of its text.
Sha256 write_part_list(File& file, const std::vector<Sha256>& parts, PartForm form);

struct PartList {
    Sha256 text_sha256{};
    std::optional<std::vector<Sha256>> parts;  // none unless the text is exactly such a list
};
// Reads as many lines as a list of `count` parts has, and sees whether more follows.
PartList read_part_list(const File& file, std::uint64_t count, PartForm form);

}  // namespace evidence
