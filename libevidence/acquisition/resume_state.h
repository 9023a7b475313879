// What an unfinished acquisition must remember to be gone on with: resume.json in the item's
// temporary folder (evidence-acquire(1), "Resuming").
//
// Nothing in it is believed without a look: the source has to be the same one, and what is there of
// the object is read and hashed anew, piece by piece.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/source.h"
#include "base/json.h"
#include "digest/algorithm.h"

namespace evidence {

inline constexpr std::string_view resume_file_name = "resume.json";
// More unreadable places than this are not remembered: the last state with fewer stands.
inline constexpr std::size_t resume_max_bad_ranges = 15'000;

// What tells one source from another. Empty or absent when it cannot be told.
struct SourceIdentity {
    ItemKind kind{};
    std::uint64_t size_bytes = 0;
    unsigned sector_bytes = 0;
    std::string wwn, serial, model;                       // devices
    std::string path_hex, mtime, ctime;                   // files
    std::uint64_t inode = 0;                              // files
    std::string first_sector_sha256, last_sector_sha256;  // empty: cannot be read

    bool operator==(const SourceIdentity&) const = default;
};

// Reads the first and the last sector, within the time limit of `errors`. Images and files only.
SourceIdentity identify(const Source& source, const ErrorPolicy& errors);

// What of two identities differs first, as "serial X (expected Y)"; empty when nothing does.
std::string difference(const SourceIdentity& found, const SourceIdentity& expected);

struct ResumeState {
    std::string item;
    SourceIdentity source;
    std::vector<Algorithm> algorithms;           // in order
    std::optional<std::uint64_t> segment_bytes;  // --split
    std::string also;                            // --also: the folder, links resolved; or empty
    std::uint64_t position_bytes = 0;  // up to here object and pieces.txt are durable; whole pieces
    UtcTime started_at;
    struct Resumption {
        UtcTime at;
        std::uint64_t position_bytes = 0;
    };
    std::vector<Resumption> resumptions;  // so far
    BadRanges bad_ranges;                 // before the position
};

// Replaces the state in `folder`, durably.
void save_resume_state(const fs::path& folder, const ResumeState& state);
// nullopt without a state. Error(malformed) for anything that is not in its exact form.
std::optional<ResumeState> load_resume_state(const fs::path& folder);

Json to_json(const std::vector<ResumeState::Resumption>& resumptions);

}  // namespace evidence
