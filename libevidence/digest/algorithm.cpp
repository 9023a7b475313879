#include "digest/algorithm.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace evidence {
namespace {

struct Description {
    Algorithm algorithm;
    std::string_view name;
    std::size_t bytes;
};

// In the order of the enumeration, so that an algorithm is its own index.
constexpr std::array<Description, all_algorithms.size()> descriptions = {{
    {Algorithm::md5, "md5", 16},
    {Algorithm::sha1, "sha1", 20},
    {Algorithm::sha256, "sha256", 32},
    {Algorithm::sha384, "sha384", 48},
    {Algorithm::sha512, "sha512", 64},
    {Algorithm::sha3_256, "sha3-256", 32},
    {Algorithm::blake2b512, "blake2b512", 64},
}};

const Description& describe(Algorithm algorithm) {
    return descriptions[static_cast<std::size_t>(algorithm)];
}

[[noreturn]] void refuse_name(std::string_view name) {
    std::string known;
    for (const Description& description : descriptions) {
        if (!known.empty()) known += ',';
        known += description.name;
    }
    throw Error(ErrorKind::usage, "unknown algorithm: '" + std::string(name) +
                                      "' (expected a list of " + known + ")");
}

}  // namespace

std::string_view name_of(Algorithm algorithm) { return describe(algorithm).name; }

std::size_t digest_bytes(Algorithm algorithm) { return describe(algorithm).bytes; }

std::optional<Algorithm> algorithm_named(std::string_view name) {
    for (const Description& description : descriptions) {
        if (description.name == name) return description.algorithm;
    }
    return std::nullopt;
}

std::vector<Algorithm> parse_algorithm_list(std::string_view list) {
    std::vector<Algorithm> algorithms;
    while (true) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view name = list.substr(0, comma);
        const auto algorithm = algorithm_named(name);
        if (!algorithm) refuse_name(name);
        if (std::find(algorithms.begin(), algorithms.end(), *algorithm) == algorithms.end()) {
            algorithms.push_back(*algorithm);
        }
        if (comma == list.size()) return algorithms;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace evidence
