// Which names may stand in a package, in which order, and which manifest lists which
// (evidence-package(5), "Entries").
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evidence {

inline constexpr std::string_view package_mimetype = "application/vnd.etsi.asic-e+zip";
inline constexpr std::string_view manifest_001 = "META-INF/ASiCManifest001.xml";
inline constexpr std::string_view signature_001 = "META-INF/signature001.p7s";
inline constexpr std::string_view manifest_002 = "META-INF/ASiCManifest002.xml";
inline constexpr std::string_view signature_002 = "META-INF/signature002.p7s";

// What 002 lists, in this order: all that a blind disclosure has to carry.
inline constexpr std::array<std::string_view, 3> names_in_manifest_002 = {
    "items.checkpoint", "custody/checkpoint", "terms.json"};

// A time-stamp of the first kind: its files, and what its manifest lists, in this order.
struct TimestampNames {
    std::string_view manifest, token;
    std::array<std::string_view, 2> covered;
};
inline constexpr std::array<TimestampNames, 2> time_stamp_names = {{
    {"META-INF/ASiCManifest003.xml", "META-INF/timestamp003.tst", {manifest_001, signature_001}},
    {"META-INF/ASiCManifest004.xml", "META-INF/timestamp004.tst", {manifest_002, signature_002}},
}};

// Where an entry belongs: entries of a package stand in rising (rank, sub-rank) order. Within
// pieces/, acquisition/ and custody/signers/ names rise bytewise. nullopt: the name has no place.
struct LayoutPosition {
    int rank;            // of the group
    std::string within;  // order inside the group
    auto operator<=>(const LayoutPosition&) const = default;
};
std::optional<LayoutPosition> layout_position(std::string_view name);

bool is_payload(std::string_view name);         // data/...: listed in manifest-sha256.txt
bool is_in_tagmanifest(std::string_view name);  // every other file but META-INF/*, mimetype, itself
bool is_in_manifest_001(std::string_view name);  // every file but mimetype and META-INF/*

// "000001" from 1; nullopt unless exactly six digits and not zero.
std::string object_number(std::uint64_t number);
std::optional<std::uint64_t> parse_object_number(std::string_view digits);

}  // namespace evidence
