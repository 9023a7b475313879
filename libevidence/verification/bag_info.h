// Metadata of a bag, bag-info.txt or, before 0.96, package-info.txt (RFC 8493 section 2.2.2), and
// the octet sum in it. Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "verification/bag_text.h"
#include "verification/bag_version.h"

namespace evidence {

inline constexpr std::string_view bag_info_name = "bag-info.txt";
inline constexpr std::string_view package_info_name = "package-info.txt";

// Longer values are cut; nothing that is checked is that long.
inline constexpr std::size_t bag_info_value_max_bytes = 64 * kib;

using BagInfoSink = std::function<void(std::string_view label, std::string_view value)>;

// Each element in order, continued lines joined by one space. A line that is no element is
// bag.malformed-tag-file, failed, in the file `name`, and reading goes on behind it. Error(io).
void read_bag_info(TagLines& lines, std::string_view name, BagVersion version, Findings& findings,
                   const BagInfoSink& sink);

// "OCTETS.STREAMS": bytes and number of the payload files.
struct PayloadOxum {
    std::uint64_t octets = 0, streams = 0;
    bool operator==(const PayloadOxum&) const = default;
    std::string text() const { return std::to_string(octets) + "." + std::to_string(streams); }
};
std::optional<PayloadOxum> parse_oxum(std::string_view text);

bool is_oxum_label(std::string_view label);  // whatever its case

}  // namespace evidence
