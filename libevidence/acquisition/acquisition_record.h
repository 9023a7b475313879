// Writes acquisition.json: what was read, what was not, and under what conditions. The member list
// is in item_files.h's reader, schemas/acquisition.schema.json and evidence-acquire(1).
#pragma once

#include "acquisition/acquire.h"
#include "acquisition/preflight.h"

namespace evidence {

struct AcquisitionFacts {
    const Source& source;
    const std::vector<PreflightCheck>& preflight;
    const ObjectFacts& object;
    const TreeCapture* tree = nullptr;  // trees
    std::string mapfile_sha256;         // images made by a rescue tool
    bool changed = false;               // others: the source was written to while it was read
    const BadRanges& bad_ranges;
    std::string map_sha256;  // of the file that says them
    std::optional<bool> expectation_met;
    const EwfImport* ewf = nullptr;  // an E01 set that was taken in
    ItemKind kind;                   // of the item
    const std::vector<std::string>& warnings;
    const std::vector<ResumeState::Resumption>& resumptions;
    std::string case_number, item_id;
    UtcTime started_at, completed_at;
};

// The canonical document, without its newline.
Json acquisition_record(const AcquireRequest& request, const AcquisitionFacts& facts,
                        const Context& context);

Json to_json(const ToolDetails& tool);

}  // namespace evidence
