// What a plain BagIt bag says about itself and what was found in it, for reports.
//
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace evidence {

struct BagFacts {
    std::string form;               // "folder", "zip", "tar+gzip"
    std::string version, encoding;  // as declared; empty when that cannot be read
    std::vector<std::string> payload_algorithms, tag_algorithms;  // of its manifests, normalised
    std::string declared_oxum;  // "OCTETS.STREAMS" as written; empty when there is none
    std::uint64_t payload_bytes = 0, payload_files = 0, tag_files = 0;  // as found
    std::uint64_t fetch_entries = 0;
};

}  // namespace evidence
