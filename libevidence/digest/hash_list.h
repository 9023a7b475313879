// Lines of hash lists, as coreutils 9.1 (sha256sum, md5sum, b2sum ..) writes and checks them.
//
//     e3b0c442..  name         plain form: digest, space, ' ' (text) or '*' (binary), name
//     SHA256 (name) = e3b0..   BSD form (sha256sum --tag); openssl dgst writes SHA2-256(name)=
//     e3b0.. \e3b0c442..  a\nb        a leading backslash: in the name \\ \n \r stand for those
//     bytes
//
// Names are bytes and are never changed. What cannot be read in exactly one way is a problem of
// that line, not a guess: a name that is empty or holds a zero byte, an escape nobody writes, a
// digest of the wrong length, a single space before the name (BSD's -r, where a name's own space
// would be lost).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "digest/algorithm.h"

namespace evidence {

enum class HashListForm { plain, bsd };
enum class HashLineEnd { newline, zero };  // zero: names stand as they are, as sha256sum -z has it

// One line with its end. `digest_hex` is in lower case.
std::string format_hash_line(HashListForm form, HashLineEnd end, Algorithm algorithm,
                             std::string_view digest_hex, std::string_view name);

struct HashLine {
    Algorithm algorithm;
    std::string digest_hex;  // lower case
    std::string name;        // raw bytes
    bool operator==(const HashLine&) const = default;
};

struct HashLineProblem {
    std::string_view expected;  // what the line should have had
};

// What a plain digest is taken for when the caller does not say: SHA-2 rather than SHA3-256 or
// BLAKE2b of the same length.
inline constexpr std::array untagged_algorithms = {
    Algorithm::md5, Algorithm::sha1, Algorithm::sha256, Algorithm::sha384, Algorithm::sha512};

// `line` without its newline; one carriage return at its end is dropped (lists from Windows). A
// digest without a tag belongs to the first of `untagged` that has its length.
std::variant<HashLine, HashLineProblem> parse_hash_line(std::string_view line,
                                                        const std::vector<Algorithm>& untagged = {
                                                            untagged_algorithms.begin(),
                                                            untagged_algorithms.end()});

// Empty lines and lines that start with '#' say nothing.
bool is_hash_list_comment(std::string_view line);

}  // namespace evidence
