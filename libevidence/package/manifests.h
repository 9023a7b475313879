// The texts that list digests: BagIt manifests (RFC 8493 section 2.1.3), bag-info.txt, and ASiC
// manifests (ETSI EN 319 162-1 clause A.4). Writers and verifiers make the same bytes, so no parser
// ever meets them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/digest.h"

namespace evidence {

struct ListedFile {
    std::string name;
    Sha256 sha256{};
};

// Of one to be read: 65,535 names of 200 bytes.
inline constexpr std::size_t manifest_max_bytes = 32 * mib;

// "<hex>  <name>\n" per file.
std::string bag_manifest(const std::vector<ListedFile>& files);
std::string bag_manifest_line(std::string_view name, const Sha256& sha256);

// `signature_name` is what the SigReference names; its MimeType follows from the extension.
std::string asic_manifest(std::string_view signature_name, const std::vector<ListedFile>& files);
// The same in parts, for lists too long to be held: the head, a line per file, the tail.
std::string asic_manifest_head(std::string_view signature_name);
std::string asic_manifest_line(std::string_view name, const Sha256& sha256);
// A line with another digest: SHA-256, SHA-384 or SHA-512 (archive manifests).
std::string asic_manifest_line(std::string_view name, Algorithm algorithm, ByteView digest);
// The URI of such an algorithm (RFC 6931).
std::string_view digest_method(Algorithm algorithm);
inline constexpr std::string_view asic_manifest_tail = "</asic:ASiCManifest>\n";

inline constexpr std::string_view bagit_txt =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

struct BagInfo {
    std::string software_agent, bagging_date, external_identifier, internal_sender_identifier,
        source_organization;
    std::uint64_t payload_bytes = 0, payload_files = 0;
};
std::string bag_info_txt(const BagInfo& info);

// The value of one label of bag-info.txt (first occurrence, folded lines joined); empty if absent.
std::string bag_info_value(std::string_view bag_info, std::string_view label);

}  // namespace evidence
