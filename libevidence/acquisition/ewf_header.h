// What an Expert Witness (E01) set says about itself: the text fields of its header, as examiners
// know them from other imaging programs.
//
// Thread rule: plain values.
#pragma once

#include <optional>
#include <string>

#include "base/utc_time.h"

namespace evidence {

// Empty means absent.
struct EwfHeader {
    std::string case_number, evidence_number, description, examiner_name, notes;
    std::string model, serial_number;                                // of the medium
    std::string acquiry_software_version, acquiry_operating_system;  // "evidence 1.2", "Linux 6.1"
    // Whole seconds. Older formats know a local time without its zone only: then nullopt.
    std::optional<UtcTime> acquired_at;

    bool operator==(const EwfHeader&) const = default;
};

// The fields under the names libewf has for them.
struct EwfHeaderField {
    const char* identifier;
    std::string EwfHeader::*value;
};
inline constexpr EwfHeaderField ewf_header_fields[] = {
    {"case_number", &EwfHeader::case_number},
    {"evidence_number", &EwfHeader::evidence_number},
    {"description", &EwfHeader::description},
    {"examiner_name", &EwfHeader::examiner_name},
    {"notes", &EwfHeader::notes},
    {"model", &EwfHeader::model},
    {"serial_number", &EwfHeader::serial_number},
    {"acquiry_software_version", &EwfHeader::acquiry_software_version},
    {"acquiry_operating_system", &EwfHeader::acquiry_operating_system},
};

inline constexpr std::size_t max_ewf_value_bytes = 4096;

// Error(usage) for what the header cannot hold: text that is not UTF-8, longer than
// max_ewf_value_bytes, or with control characters (tabs and line ends are its own punctuation), and
// a byte order mark,
// and times before 1970 or after 2106.
void check_ewf_header(const EwfHeader& header);

}  // namespace evidence
