#include "acquisition/item_acquisition.h"

#include <fmt/format.h>

#include <algorithm>

#include "acquisition/acquire_checks.h"
#include "acquisition/acquire_events.h"
#include "acquisition/acquisition_record.h"
#include "acquisition/ewf_plan.h"
#include "acquisition/ewf_recorder.h"
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

}  // namespace

ItemAcquisition::ItemAcquisition(const Parts& parts, const Context& context)
    : case_(parts.case_folder),
      request_(parts.request),
      source_(parts.source),
      item_(parts.item),
      rights_(parts.rights),
      context_(context) {}

void ItemAcquisition::run() {
    started_at_ = context_.clock.now();
    look_first();
    if (request_.resume) {
        take_up_leftover();
    } else {
        begin_folder();
    }
    has_read_ = true;
    // Hours of reading are not thrown away for what comes after them. What is not what was
    // announced is another matter: it is not wanted.
    const auto keeping = [this](const auto& act) {
        try {
            act();
        } catch (...) {
            if (resumable_ && resumable_->saved_bytes() > 0) folder_->keep();
            throw;
        }
    };
    keeping([this] { read_source(); });
    if (source_.kind != ItemKind::tree) hold_against_expectation();
    rights_.end_reading();
    keeping([this] { complete(); });
}

void ItemAcquisition::look_first() {
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
}

void ItemAcquisition::read_source() {
    if (source_.kind == ItemKind::tree) return capture_tree_source();
    if (source_.holds_ewf) return take_in_ewf();
    capture_object_source();
}

std::uint64_t ItemAcquisition::resumable_bytes() const {
    return folder_ && folder_->is_kept() && resumable_ ? resumable_->saved_bytes() : 0;
}

std::optional<fs::path> ItemAcquisition::kept_in() const {
    return folder_ && folder_->is_kept() ? std::optional(folder_->path()) : std::nullopt;
}

void ItemAcquisition::forget_resuming() const {
    if (resumable_) resumable_->forget(item_.folder);
}

void ItemAcquisition::warn_of_preflight() {
    for (std::string& text : warnings_of(preflight_, source_)) warn(std::move(text));
}

void ItemAcquisition::warn_of(const FreeSpaceWatch& room) {
    for (const std::string& text : room.warnings()) warn(text);
}

std::vector<fs::path> ItemAcquisition::destinations() const {
    std::vector<fs::path> folders = {folder_->path()};
    if (const auto second = folder_->second_path()) folders.push_back(*second);
    return folders;
}

std::uint64_t ItemAcquisition::room_of_leftovers() const {
    std::uint64_t bytes = 0;
    for (const fs::path& leftover : resumable_leftovers(item_.folder)) {
        bytes += room_taken_in(leftover);
    }
    return bytes;
}

void ItemAcquisition::begin_folder() {
    folder_.emplace(item_.folder, also_);
    for (std::string& text : folder_->warnings()) warn(std::move(text));
    if (item_.kind == ItemKind::e01) return;  // libewf begins a set anew
    if (source_.kind != ItemKind::image && source_.kind != ItemKind::file) return;
    if (rescue_map_) return;  // going on without it would lose what it says
    resumable_.emplace(folder_->path(), item_.id, source_, object_options(), started_at_);
}

void ItemAcquisition::take_up_leftover() {
    folder_.emplace(UnfinishedItem::take_up(item_.folder, also_, [this](const fs::path& folder) {
        require_unrecorded(case_.ledger(), item_.id);  // by now: somebody may just have ended
        ResumableObject::require_same(folder, item_.id, source_, object_options());
    }));
    resumable_.emplace(ResumableObject::take_up(folder_->path(), folder_->second_path(), source_,
                                                request_.errors, context_));
    started_at_ = resumable_->started_at();
    item_.resumptions = resumable_->resumptions();
    warn("resumed at byte " + std::to_string(resumable_->kept_bytes()));
}

ObjectOptions ItemAcquisition::object_options() const {
    return {with_sha256(request_.algorithms), request_.segment_bytes,
            also_ ? also_->native() : std::string(), request_.errors};
}

Recorder& ItemAcquisition::make_recorder() {
    if (item_.kind == ItemKind::e01) {
        EwfOptions options = ewf_options(request_, source_, folder_->path(), case_.details().number,
                                         item_.id, started_at_);
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

void ItemAcquisition::take_in_ewf() {
    FreeSpaceWatch room(destinations(), source_.ewf_set_bytes, context_);
    item_.ewf = import_ewf_set(source_.path, destinations(), with_sha256(request_.algorithms),
                               request_.errors.on_error, room, context_);
    warn_of(room);
    item_.object = item_.ewf->object;
    item_.sector_bytes = item_.ewf->sector_bytes;
    note_bad_ranges(item_.ewf->unread);
    if (!item_.ewf->objection.empty()) {
        warn("the content of the image cannot be verified again later: " + item_.ewf->objection);
        item_.complete = false;
    }
    if (item_.ewf->stored.empty()) {
        warn("the image holds no digest of its content to compare with");
    }
    if (!item_.ewf->mismatch.empty()) {
        note_mismatch("content of the image: " + item_.ewf->mismatch);
    }
}

void ItemAcquisition::capture_tree_source() {
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

void ItemAcquisition::capture_object_source() {
    const std::optional<std::uint64_t> size_bytes =
        source_.size_bytes ? source_.size_bytes : request_.expected.size_bytes;
    context_.progress.start("acquiring " + source_.path, size_bytes);
    Recorder& recorder = make_recorder();
    FreeSpaceWatch room(destinations(), size_bytes, context_);
    ObjectPass pass({request_, source_, recorder, resumable_ ? &*resumable_ : nullptr, room},
                    context_);
    const std::uint64_t size = pass.run();
    warn_of(room);
    if (!is_unchanged(pass)) {
        warn("the source was written to while it was read: its times changed");
        changed_ = true;
        item_.complete = false;
    }
    context_.progress.finish();
    const BadRanges& unread = rescue_map_ ? rescue_map_->ranges : pass.bad_ranges();
    item_.object = recorder.finish(size, unread);
    if (item_.kind == ItemKind::e01 &&
        ewf_nameable(unread, source_.sector_bytes()).bytes() < unread.bytes()) {
        warn(
            "an E01 set cannot name unread sectors beyond number 4294967295: only the map beside "
            "it does");
    }
    if (size == 0 && source_.kind == ItemKind::stream && !request_.expected.size_bytes) {
        warn("nothing came through the pipe; did what feeds it fail?");
        item_.complete = false;
    }
    pass.remember_end();
    note_bad_ranges(unread);
}

bool ItemAcquisition::is_unchanged(const ObjectPass& pass) {
    try {
        return pass.check_unchanged();
    } catch (...) {
        // Another file than it was: there is nothing to go on with. A device may come back.
        if (source_.kind == ItemKind::file) resumable_.reset();
        throw;
    }
}

void ItemAcquisition::hold_against_expectation() {
    if (request_.expected.empty()) return;
    const ObjectFacts& object = item_.object;
    const std::string missed =
        mismatch(request_.expected, object.size_bytes, object.digests.at(Algorithm::sha256));
    item_.expectation_met = missed.empty();
    if (!missed.empty()) note_mismatch(missed);
}

void ItemAcquisition::note_mismatch(const std::string& missed) {
    if (request_.expected.on_mismatch == OnMismatch::fail) {
        throw unexpected_object(source_, missed);
    }
    warn("not what was expected: " + missed);
    item_.complete = false;
}

void ItemAcquisition::note_bad_ranges(const BadRanges& ranges) {
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

void ItemAcquisition::complete() {
    if (recorder_ && request_.read_back == ReadBack::yes) {
        recorder_->read_back(item_.object, context_);
    }
    write_record();
    folder_->copy_files_beside(item_.object_files(), context_);
    folder_->commit();
}

void ItemAcquisition::write_record() {
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
    const std::string document = canonical(acquisition_record(request_, facts, context_)) + "\n";
    item_.acquisition_sha256 = sha256_hex(document);
    write_new_file(folder_->path() / acquisition_file_name, as_bytes(document));
}

}  // namespace evidence
