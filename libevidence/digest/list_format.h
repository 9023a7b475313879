// The forms of hash lists that other tools write and read.
//
//     sha256sum   coreutils: "<hex>  name", with or without an escape
//     bsd         "SHA256 (name) = <hex>", sha256sum --tag, openssl dgst
//     bagit       the manifests of BagIt (RFC 8493): as sha256sum, %0A %0D %25 in names
//     hashdeep    "%%%% HASHDEEP-1.0", columns size,md5,sha256,filename
//     jsonl       one JSON object a line: {"digests":{..},"name":..,"size_bytes":..}
//     dfxml       Digital Forensics XML, its <fileobject>s
//     mtree       BSD's mtree(5): "./name size=3 sha256digest=<hex>"
//     nsrl        the hash set of NIST, CSV with a heading; only read
//
// Thread rule: plain functions and values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "digest/algorithm.h"

namespace evidence {

enum class ListFormat { sha256sum, bsd, bagit, hashdeep, jsonl, dfxml, mtree, nsrl };

inline constexpr std::array all_list_formats = {
    ListFormat::sha256sum, ListFormat::bsd,   ListFormat::bagit, ListFormat::hashdeep,
    ListFormat::jsonl,     ListFormat::dfxml, ListFormat::mtree, ListFormat::nsrl};

std::string_view name_of(ListFormat format);  // "hashdeep"
std::optional<ListFormat> list_format_named(std::string_view name);
// The form of a list by its first line that is neither empty nor a comment; what has no mark of its
// own is sha256sum, whose reader takes BSD lines too. A BagIt manifest has none: it goes by its
// file name, manifest-sha256.txt.
ListFormat list_format_of(std::string_view first_line, std::string_view file_name);

struct ListedDigest {
    Algorithm algorithm;
    std::string hex;  // lower case
    bool operator==(const ListedDigest&) const = default;
};

// What a list says about one file.
struct HashListFile {
    std::string name;  // raw bytes; empty in a hash set that has no names
    std::optional<std::uint64_t> size_bytes;
    std::vector<ListedDigest> digests;  // at least one that we know, each algorithm once
    bool operator==(const HashListFile&) const = default;
};

// By how hard collisions are to find, of equals the cheaper one first.
inline constexpr std::array algorithms_by_strength = {
    Algorithm::sha256,     Algorithm::sha512, Algorithm::sha384, Algorithm::sha3_256,
    Algorithm::blake2b512, Algorithm::sha1,   Algorithm::md5};

// nullptr when the file has none by this algorithm.
const ListedDigest* digest_by(const HashListFile& file, Algorithm algorithm);
// Precondition: there is one.
Algorithm strongest_algorithm(const HashListFile& file);

// A line, or what stood in its place, that says nothing of a file.
struct ListProblem {
    std::uint64_t line = 0;
    std::string_view expected;  // what it should have had; a constant
};

using ListEntry = std::variant<HashListFile, ListProblem>;

}  // namespace evidence
