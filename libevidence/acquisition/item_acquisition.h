// One acquisition of an item, from opened source to committed folder. Private to acquire.
//
// Thread rule: belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "acquisition/acquire.h"
#include "acquisition/object_pass.h"
#include "acquisition/owner_rights.h"
#include "acquisition/preflight.h"
#include "acquisition/rescue_map.h"
#include "acquisition/tree_capture.h"
#include "acquisition/unfinished_item.h"

namespace evidence {

class ItemAcquisition {
public:
    // All of them must outlive it; fills in `item`, whose id, folder and kind are known.
    struct Parts {
        CaseFolder& case_folder;
        const AcquireRequest& request;
        const Source& source;
        AcquiredItem& item;
        OwnerRights& rights;
    };
    ItemAcquisition(const Parts& parts, const Context& context);

    // What fails on the way leaves nothing, but for what can be gone on with. Errors as acquire().
    void run();

    // What is refused before the first byte is read is no failed acquisition.
    bool has_read() const { return has_read_; }
    // After a failure: how much of the object is kept to be resumed, and where what is whole is.
    std::uint64_t resumable_bytes() const;
    std::optional<fs::path> kept_in() const;

    // After run(), when the event could not be written: takes the item's name back.
    void withdraw() { folder_->withdraw(); }
    // After run(), when the item is recorded.
    void forget_resuming() const;

private:
    void warn(std::string text) { item_.warnings.push_back(std::move(text)); }
    void warn_of_preflight();
    void warn_of(const FreeSpaceWatch& room);
    std::vector<fs::path> destinations() const;
    std::uint64_t room_of_leftovers() const;
    void look_first();
    void begin_folder();
    void take_up_leftover();
    ObjectOptions object_options() const;
    Recorder& make_recorder();
    void read_source();
    void take_in_ewf();
    void capture_tree_source();
    void capture_object_source();
    bool is_unchanged(const ObjectPass& pass);
    void hold_against_expectation();
    void note_mismatch(const std::string& missed);
    void note_bad_ranges(const BadRanges& ranges);
    void complete();
    void write_record();

    CaseFolder& case_;
    const AcquireRequest& request_;
    const Source& source_;
    AcquiredItem& item_;
    OwnerRights& rights_;
    const Context& context_;
    UtcTime started_at_;
    std::vector<PreflightCheck> preflight_;
    std::optional<fs::path> also_;  // links resolved
    std::optional<UnfinishedItem> folder_;
    std::unique_ptr<Recorder> recorder_;
    std::optional<TreeCapture> tree_;
    std::optional<RescueMap> rescue_map_;
    std::optional<ResumableObject> resumable_;  // images and files
    std::string map_sha256_;
    bool has_read_ = false, changed_ = false;
};

}  // namespace evidence
