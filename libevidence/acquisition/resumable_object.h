// The unfinished acquisition of an image or file: its state is saved while it is written, and taken
// up again later. What is already there is read from the object instead of the source, and hashed
// anew; nothing is hashed that was not compared with its piece digests before.
//
//   items/.USB-01.partial-k3Jx9Q/image.img  pieces.txt  resume.json
//
// While an object is gone on with, the piece digests of the earlier acquisition are called
// pieces.txt.before; they count until the new list is as long.
//
// Thread rule: belongs to one thread.
#pragma once

#include <memory>

#include "acquisition/object_recorder.h"
#include "acquisition/resume_state.h"
#include "base/context.h"

namespace evidence {

// What of the options shapes the object; it cannot change on the way.
struct ObjectOptions {
    std::vector<Algorithm> algorithms;
    std::optional<std::uint64_t> segment_bytes;
    std::string also;    // as ResumeState::also
    ErrorPolicy errors;  // how the source is looked at; may change
};

// Whether this file of an item's folder is there only while the item is unfinished.
bool is_of_unfinished(std::string_view name);

class ResumableObject {
public:
    // A new acquisition of this source into `folder`.
    ResumableObject(fs::path folder, std::string item, const Source& source, ObjectOptions options,
                    UtcTime started_at);
    // Error(refused) when what an earlier acquisition left in `folder` was of another source or
    // item, or with other options. Changes nothing.
    static void require_same(const fs::path& folder, const std::string& item, const Source& source,
                             const ObjectOptions& options);
    // After that: goes on with it, and in `second_folder` when the object is
    // written twice. Error(refused) when the object is no more what was written.
    static ResumableObject take_up(fs::path folder, const std::optional<fs::path>& second_folder,
                                   const Source& source, const ErrorPolicy& errors,
                                   const Context& context);

    // How much of the object is there; 0 for a new one.
    std::uint64_t kept_bytes() const { return kept_bytes_; }
    UtcTime started_at() const { return state_.started_at; }
    const BadRanges& bad_ranges() const { return state_.bad_ranges; }
    const std::vector<ResumeState::Resumption>& resumptions() const { return state_.resumptions; }

    // Reads what is there, in order; 0 once all of it was read.
    std::size_t read_kept(MutableByteView buffer);

    // Up to here object and pieces are durable: remembers it when it is further than before.
    void save(std::uint64_t durable_bytes, const BadRanges& bad_ranges);
    // How much a later acquisition could go on with.
    std::uint64_t saved_bytes() const { return state_.position_bytes; }
    // The item is recorded: removes what only an unfinished one needs from where it is now.
    void forget(const fs::path& folder) const;

private:
    ResumableObject(fs::path folder, ResumeState state, ItemKind kind);
    ObjectLayout layout() const { return {kind_, state_.segment_bytes}; }
    void take_up_pieces() const;
    void remove_what_is_made_anew() const;
    void compare_kept(const fs::path& folder, const Context& context) const;
    void compare_samples(const Source& source, const ErrorPolicy& errors,
                         const Context& context) const;
    bool is_filled(std::uint64_t piece) const;

    fs::path folder_;
    ResumeState state_;
    ItemKind kind_;
    std::uint64_t kept_bytes_ = 0, read_bytes_ = 0;
    std::unique_ptr<DirectReader> kept_;
};

}  // namespace evidence
