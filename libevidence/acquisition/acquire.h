// The acquisition of one item into a case: source, preflight, one pass over the bytes, reading
// back, record, ledger event (evidence-acquire(1)).
//
// Crash rule: files durable, folder renamed, then the event. A folder without its event is an
// acquisition that never happened; it blocks its item id until somebody moves it away, because
// evidence is never deleted on its own.
//
// Thread rule: one acquisition at a time in a process (owner_rights.h); works with threads of its
// own.
#pragma once

#include <optional>

#include "acquisition/ewf_import.h"
#include "acquisition/ewf_options.h"
#include "acquisition/expectation.h"
#include "acquisition/object_recorder.h"
#include "acquisition/omissions.h"
#include "acquisition/resume_state.h"
#include "acquisition/tree_capture.h"
#include "custody/case_folder.h"

namespace evidence {

struct ToolDetails {
    std::string name, version, build;
};

enum class ObjectFormat { raw, tar, e01 };

struct AcquireRequest {
    std::string source;                         // a path, or "-" for standard input
    PositionedReader* device = nullptr;         // drills and tests: answers the reads of the source
    std::optional<std::string> item_id;         // else the next free ITEM-001, ITEM-002 ..
    std::vector<Algorithm> algorithms;          // besides sha256
    std::optional<ObjectFormat> format;         // else what fits the source
    std::optional<EwfCompression> compression;  // of format e01; else fast
    bool take_ewf_as_file = false;              // an E01 set is copied as any other file
    std::string description, note, write_blocker;
    std::optional<std::int64_t> source_clock_offset_ms;
    bool require_read_only = false;
    Expectation expected;                        // images, files and streams
    fs::path mapfile;                            // images and files: of the tool that made them
    ErrorPolicy errors;                          // images and files
    std::optional<fs::path> also;                // a folder that gets a second copy
    std::optional<std::uint64_t> segment_bytes;  // whole MiB; not for folders
    bool resume = false;                         // go on with what an earlier one left of this item
    std::uint64_t checkpoint_bytes = 64 * mib;   // images and files: see checkpoint_distance
    ReadBack read_back = ReadBack::yes;
    FileSystems file_systems = FileSystems::only_that_of_the_source;
    TreeSelection selection;  // folders
    EventAuthor author;
    EventDraft event;  // place, authority and reason; the rest is filled in
    ToolDetails tool;
};

struct AcquiredItem {
    // The files of the object, in order.
    std::vector<std::string> object_files() const;

    std::string id;
    ItemKind kind{};
    ObjectFacts object;
    std::optional<TreeAccount> account;   // trees
    std::optional<bool> expectation_met;  // when there was one
    fs::path folder;
    std::optional<fs::path> second_folder;
    std::string acquisition_sha256;
    std::uint64_t event_seq = 0;
    std::optional<EwfImport> ewf;  // of a set that was taken in; its object is `object`
    BadRanges bad_ranges;          // could not be read: zeros, or what a rescue tool left there
    unsigned sector_bytes = 0;     // of the source
    std::vector<ResumeState::Resumption> resumptions;
    std::vector<std::string> warnings;
    bool complete = true;  // nothing omitted or unreadable, nothing changed while it was read,
                           // and what was expected
};

// Error(exists) when the item id is taken, Error(io) when the source cannot be read whole or the
// item not be written; then nothing stands under the final name and the ledger has an
// `acquire_failed` event with what was wrong. What an image or file came to until then is kept, to
// be resumed. Error(not_found) when there is nothing to resume, Error(refused) when what is there
// cannot be gone on with: another source, other digests, pieces that changed.
AcquiredItem acquire(CaseFolder& folder, const AcquireRequest& request, const Context& context);

}  // namespace evidence
