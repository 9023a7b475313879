#include "acquisition/acquire.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "acquisition/acquire_checks.h"
#include "acquisition/acquire_events.h"
#include "acquisition/acquisition_record.h"
#include "acquisition/ewf_plan.h"
#include "acquisition/ewf_recorder.h"
#include "acquisition/free_space.h"
#include "acquisition/object_pass.h"
#include "acquisition/owner_rights.h"
#include "acquisition/rescue_map.h"
#include "acquisition/resumable_object.h"
#include "acquisition/unfinished_item.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"
#include "digest/file_digest.h"

namespace evidence {
namespace {

std::vector<Algorithm> with_sha256(std::vector<Algorithm> algorithms) {
    if (std::find(algorithms.begin(), algorithms.end(), Algorithm::sha256) == algorithms.end()) {
        algorithms.push_back(Algorithm::sha256);
    }
    return algorithms;
}

// The folder that gets the second copy, links resolved.
fs::path folder_for_second(const fs::path& also) {
    if (is_folder(also)) {
        require_own_folder(also);
        return real_path(also);
    }
    throw Error(ErrorKind::not_found,
                "no folder for the second copy: " + also.native() + " (expected one that is there)",
                "make it first; when it is a disk of its own, see that it is mounted");
}

bool is_dense(const Source& source) {
    constexpr std::uint64_t block_unit_bytes = 512;  // of st_blocks
    return source.kind == ItemKind::image ||
           static_cast<std::uint64_t>(source.status.st_blocks) * block_unit_bytes >=
               source.size_bytes.value_or(0);
}

// Of a set that is whole, and whose first file this is.
std::uint64_t size_of_set(const fs::path& first) {
    const EwfSet set = find_ewf_set(first);
    if (set.segments.size() > max_recorded_segments) {
        throw Error(ErrorKind::unsupported,
                    "E01 set of " + std::to_string(set.segments.size()) +
                        " files: " + first.native() + " (expected at most " +
                        std::to_string(max_recorded_segments) + ")",
                    "export it to a set of larger files");
    }
    std::uint64_t total = 0;
    for (const EwfSegment& segment : set.segments) total += segment.size_bytes;
    return total;
}

ItemKind kind_of(const Source& source, const AcquireRequest& request) {
    const bool is_ewf = source.holds_ewf || request.format == ObjectFormat::e01;
    return is_ewf ? ItemKind::e01 : source.kind;
}

// One acquisition from opened source to committed folder; what fails on the way leaves nothing.
class Acquisition {
public:
    Acquisition(const CaseFolder& folder, const AcquireRequest& request, const Source& source,
                AcquiredItem& item, const Context& context)
        : case_(folder), request_(request), source_(source), item_(item), context_(context) {}

    void run() {
        started_at_ = context_.clock.now();
        if (request_.also) also_ = folder_for_second(*request_.also);
        if (also_) item_.second_folder = *also_ / item_.id;
        if (!request_.mapfile.empty()) {
            rescue_map_ = read_rescue_map(request_.mapfile, *source_.size_bytes);
        }
        preflight_ =
            preflight(source_,
                      {item_.folder.parent_path(), request_.require_read_only, also_,
                       request_.resume ? room_of_leftovers() : 0, request_.expected.size_bytes},
                      context_);
        warn_of_preflight();
        if (request_.resume) {
            take_up_leftover();
        } else {
            begin_folder();
        }
        has_read_ = true;
        if (source_.kind == ItemKind::tree) {
            capture_tree_source();
        } else if (source_.holds_ewf) {
            take_in_ewf();
        } else {
            capture_object_source();
        }
        try {
            complete();
        } catch (...) {  // hours of reading are not thrown away for what comes after them
            keep_for_resuming();
            throw;
        }
    }

    // The item is recorded.
    void forget_resuming() const {
        if (resumable_) resumable_->forget(item_.folder);
    }

    // What is refused before the first byte is read is no failed acquisition.
    bool has_read() const { return has_read_; }

    // How much of the object is kept after a failure, to be resumed; 0 when nothing is.
    std::uint64_t resumable_bytes() const {
        return folder_ && folder_->is_kept() && resumable_ ? resumable_->saved_bytes() : 0;
    }

    // After commit(), when the event could not be written.
    void withdraw() { folder_->withdraw(); }
    const fs::path& kept_in() const { return folder_->path(); }

private:
    void warn(std::string text) { item_.warnings.push_back(std::move(text)); }

    void warn_of_preflight() {
        for (std::string& text : warnings_of(preflight_, source_)) warn(std::move(text));
    }

    void warn_of(const FreeSpaceWatch& room) {
        for (const std::string& text : room.warnings()) warn(text);
    }

    // The folders that get the object, the first one first.
    std::vector<fs::path> destinations() const {
        std::vector<fs::path> folders = {folder_->path()};
        if (const auto second = folder_->second_path()) folders.push_back(*second);
        return folders;
    }

    std::uint64_t room_of_leftovers() const {
        std::uint64_t bytes = 0;
        for (const fs::path& leftover : resumable_leftovers(item_.folder)) {
            bytes += room_taken_in(leftover);
        }
        return bytes;
    }

    void begin_folder() {
        folder_.emplace(item_.folder, also_);
        for (std::string& text : folder_->warnings()) warn(std::move(text));
        if (item_.kind == ItemKind::e01) return;  // libewf begins a set anew
        if (source_.kind != ItemKind::image && source_.kind != ItemKind::file) return;
        if (rescue_map_) return;  // going on without it would lose what it says
        resumable_.emplace(folder_->path(), item_.id, source_, object_options(), started_at_);
    }

    ObjectOptions object_options() const {
        return {with_sha256(request_.algorithms), request_.segment_bytes,
                also_ ? also_->native() : std::string(), request_.errors};
    }

    void complete() {
        if (source_.kind != ItemKind::tree) hold_against_expectation();
        if (recorder_ && request_.read_back == ReadBack::yes) {
            recorder_->read_back(item_.object, context_);
        }
        write_record();
        folder_->copy_files_beside(item_.object_files(), context_);
        folder_->commit();
    }

    void take_up_leftover() {
        folder_.emplace(UnfinishedItem::take_up(item_.folder, also_));
        resumable_.emplace(ResumableObject::take_up(folder_->path(), folder_->second_path(),
                                                    item_.id, source_, object_options(), context_));
        started_at_ = resumable_->started_at();
        item_.resumptions = resumable_->resumptions();
        warn("resumed at byte " + std::to_string(resumable_->kept_bytes()));
    }

    void keep_for_resuming() {
        if (!resumable_ || resumable_->saved_bytes() == 0) return;
        folder_->keep();
    }

    Recorder& make_recorder() {
        if (item_.kind == ItemKind::e01) {
            EwfOptions options = ewf_options(request_, source_, folder_->path(),
                                             case_.details().number, item_.id, started_at_);
            context_.random.fill(options.set_identifier);
            recorder_ = std::make_unique<EwfRecorder>(options, folder_->second_path(),
                                                      with_sha256(request_.algorithms), context_);
        } else {
            recorder_ = std::make_unique<ObjectRecorder>(ObjectRecorder::Plan{
                folder_->path(),
                folder_->second_path(),
                {source_.kind, request_.segment_bytes},
                with_sha256(request_.algorithms),
                is_dense(source_) ? source_.size_bytes : std::nullopt,
                resumable_ ? resumable_->kept_bytes() : 0,
                resumable_ ? std::optional(request_.checkpoint_bytes) : std::nullopt,
                request_.read_back});
        }
        return *recorder_;
    }

    // The set is an object already: it is copied as it is.
    void take_in_ewf() {
        FreeSpaceWatch room(destinations(), source_.ewf_set_bytes, context_);
        item_.ewf = import_ewf_set(source_.path, destinations(), with_sha256(request_.algorithms),
                                   request_.errors.on_error, room, context_);
        warn_of(room);
        item_.object = item_.ewf->object;
        item_.sector_bytes = item_.ewf->sector_bytes;
        note_bad_ranges(item_.ewf->unread);
        if (!item_.ewf->objection.empty()) {
            warn("the content of the image cannot be verified again later: " +
                 item_.ewf->objection);
            item_.complete = false;
        }
        if (item_.ewf->stored.empty()) {
            warn("the image holds no digest of its content to compare with");
        }
        if (!item_.ewf->mismatch.empty()) {
            note_mismatch("content of the image: " + item_.ewf->mismatch);
        }
    }

    void capture_tree_source() {
        FreeSpaceWatch room(destinations(), std::nullopt, context_);
        tree_ = capture_tree(source_,
                             {folder_->path(), item_.id, request_.file_systems, request_.selection},
                             make_recorder(), room, context_);
        warn_of(room);
        item_.object = tree_->object;
        item_.account = tree_->account;
        item_.complete = tree_->account.complete();
        for (const std::string& text : tree_->warnings) warn(text);
    }

    void capture_object_source() {
        const std::optional<std::uint64_t> size_bytes =
            source_.size_bytes ? source_.size_bytes : request_.expected.size_bytes;
        context_.progress.start("acquiring " + source_.path, size_bytes);
        Recorder& recorder = make_recorder();
        FreeSpaceWatch room(destinations(), size_bytes, context_);
        ObjectPass pass({request_, source_, recorder, resumable_ ? &*resumable_ : nullptr, room},
                        context_);
        const std::uint64_t size = run(pass);
        warn_of(room);
        if (!pass.check_unchanged()) {
            warn("the source was written to while it was read: its times changed");
            changed_ = true;
            item_.complete = false;
        }
        context_.progress.finish();
        const BadRanges& unread = rescue_map_ ? rescue_map_->ranges : pass.bad_ranges();
        item_.object = recorder.finish(size, unread);
        if (size == 0 && source_.kind == ItemKind::stream && !request_.expected.size_bytes) {
            warn("nothing came through the pipe; did what feeds it fail?");
            item_.complete = false;
        }
        pass.remember_end();
        note_bad_ranges(unread);
    }

    std::uint64_t run(ObjectPass& pass) try { return pass.run(); } catch (...) {
        keep_for_resuming();
        throw;
    }

    void hold_against_expectation() {
        if (request_.expected.empty()) return;
        const ObjectFacts& object = item_.object;
        const std::string missed =
            mismatch(request_.expected, object.size_bytes, object.digests.at(Algorithm::sha256));
        item_.expectation_met = missed.empty();
        if (!missed.empty()) note_mismatch(missed);
    }

    void note_mismatch(const std::string& missed) {
        if (request_.expected.on_mismatch == OnMismatch::fail) {
            throw unexpected_object(source_, missed);
        }
        warn("not what was expected: " + missed);
        item_.complete = false;
    }

    void note_bad_ranges(const BadRanges& ranges) {
        if (ranges.empty()) return;
        write_mapfile(folder_->path() / map_file_name, ranges, item_.object.size_bytes,
                      rescue_map_ ? BadBytes::those_of_the_source : BadBytes::zeros);
        warn(fmt::format("{} bytes in {} places could not be read and are {} in the object",
                         ranges.bytes(), ranges.all().size(),
                         rescue_map_ ? "as the rescue tool left them"
                         : item_.ewf ? "taken for zeros"
                                     : "zeros"));
        map_sha256_ = sha256_of_file(File::open_regular(folder_->path() / map_file_name), context_);
        item_.bad_ranges = ranges;
        item_.complete = false;
    }

    void write_record() {
        const AcquisitionFacts facts{source_,
                                     preflight_,
                                     item_.object,
                                     tree_ ? &*tree_ : nullptr,
                                     rescue_map_ ? rescue_map_->sha256 : "",
                                     changed_,
                                     item_.bad_ranges,
                                     map_sha256_,
                                     item_.expectation_met,
                                     item_.ewf ? &*item_.ewf : nullptr,
                                     item_.kind,
                                     item_.warnings,
                                     item_.resumptions,
                                     case_.details().number,
                                     item_.id,
                                     started_at_,
                                     context_.clock.now()};
        const std::string document =
            canonical(acquisition_record(request_, facts, context_)) + "\n";
        item_.acquisition_sha256 = sha256_hex(document);
        write_new_file(folder_->path() / "acquisition.json", as_bytes(document));
    }

    const CaseFolder& case_;
    const AcquireRequest& request_;
    const Source& source_;
    AcquiredItem& item_;
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

}  // namespace

std::vector<std::string> AcquiredItem::object_files() const {
    if (object.segments.empty()) return {std::string(object_file_name(kind))};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < object.segments.size(); ++i) {
        names.push_back(segment_file_name(kind, i));
    }
    return names;
}

AcquiredItem acquire(CaseFolder& folder, const AcquireRequest& request, const Context& context) {
    check_request(request, context);
    const OwnerRights rights(folder.folder());
    AcquiredItem item;
    const fs::path items_folder = folder.item_folder("x").parent_path();
    create_folders(items_folder);
    item.id = choose_item_id(folder, request, items_folder);
    item.folder = folder.item_folder(item.id);
    Source source = open_source(request.source);
    source.device_reads = request.device;
    source.holds_ewf =
        source.kind == ItemKind::file && !request.take_ewf_as_file && looks_like_ewf(source.file);
    check_options(source, request);
    if (source.holds_ewf) source.ewf_set_bytes = size_of_set(source.path);
    if (request.format == ObjectFormat::e01 && !source.holds_ewf) {
        check_ewf_request(request, source, folder.details().number, item.id, context.clock.now());
    }
    item.kind = kind_of(source, request);
    item.sector_bytes = source.sector_bytes();

    std::optional<Acquisition> acquisition(std::in_place, folder, request, source, item, context);
    try {
        acquisition->run();
    } catch (...) {  // memory and what the caller's sinks throw included: it is on record
        const bool has_read = acquisition->has_read();
        const std::uint64_t resumable_bytes = acquisition->resumable_bytes();
        acquisition.reset();  // removes what was written and cannot be gone on with
        if (!has_read) throw;
        fail_and_record(folder.ledger(), request, item, source, resumable_bytes,
                        std::current_exception(), context);
    }
    try {
        append_acquire_event(folder.ledger(), request, item, context);
    } catch (...) {
        acquisition->withdraw();
        rethrow_with_hint(
            std::current_exception(),
            "the item is whole but not recorded; it is kept in " + acquisition->kept_in().native());
    }
    try {
        acquisition->forget_resuming();
    } catch (const Error& error) {  // the item is recorded all the same
        item.warnings.push_back("cannot tidy up: " + error.message());
    }
    return item;
}

}  // namespace evidence
