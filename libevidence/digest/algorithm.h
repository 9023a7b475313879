// The digest algorithms of the toolkit and their names in options, records and lists.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace evidence {

enum class Algorithm { md5, sha1, sha256, sha384, sha512, sha3_256, blake2b512 };

inline constexpr std::array all_algorithms = {
    Algorithm::md5,    Algorithm::sha1,     Algorithm::sha256,    Algorithm::sha384,
    Algorithm::sha512, Algorithm::sha3_256, Algorithm::blake2b512};

std::string_view name_of(Algorithm algorithm);  // "sha3-256"
std::optional<Algorithm> algorithm_named(std::string_view name);
std::size_t digest_bytes(Algorithm algorithm);

// "md5,sha256" in the order given, without repeats; Error(usage) names an unknown one.
std::vector<Algorithm> parse_algorithm_list(std::string_view list);

}  // namespace evidence
