#include "acquisition/resumable_object.h"

#include <algorithm>

#include "acquisition/read_back.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"
#include "base/printable.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::string_view pieces_before_name = "pieces.txt.before";

[[noreturn]] void refuse(const std::string& why, const char* hint) {
    throw Error(ErrorKind::refused, "cannot resume: " + why, hint);
}

void require_same_option(std::string_view option, const std::string& found,
                         const std::string& expected) {
    if (found == expected) return;
    refuse("changed option: " + std::string(option) + " (expected " +
               (expected.empty() ? "none" : printable(expected)) + ")",
           "give the options it began with");
}

std::string names_of(std::vector<Algorithm> algorithms) {
    std::sort(algorithms.begin(), algorithms.end());
    std::string names;
    for (Algorithm algorithm : algorithms) {
        names.append(names.empty() ? "" : ",").append(name_of(algorithm));
    }
    return names;
}

std::string text_of(const std::optional<std::uint64_t>& bytes) {
    return bytes ? std::to_string(*bytes) + " bytes" : "";
}

void require_same(const ResumeState& state, const std::string& item, const Source& source,
                  const ObjectOptions& options) {
    if (fold_case(state.item) != fold_case(item)) {
        refuse("item " + item + " (expected " + state.item + ")", "");
    }
    const std::string other = difference(identify(source), state.source);
    if (!other.empty()) {
        refuse("another source: " + other,
               "connect the source that the acquisition began with, or acquire as a new item");
    }
    require_same_option("--digest", names_of(options.algorithms), names_of(state.algorithms));
    require_same_option("--split", text_of(options.segment_bytes), text_of(state.segment_bytes));
    require_same_option("--also", options.also, state.also);
}

std::uint64_t size_of(const fs::path& path) {
    return name_is_taken(path) ? File::open_regular(path).size() : 0;
}

}  // namespace

ResumableObject::ResumableObject(fs::path folder, ResumeState state, ItemKind kind)
    : folder_(std::move(folder)), state_(std::move(state)), kind_(kind) {}

ResumableObject::ResumableObject(fs::path folder, std::string item, const Source& source,
                                 ObjectOptions options, UtcTime started_at)
    : folder_(std::move(folder)), kind_(source.kind) {
    state_.item = std::move(item);
    state_.source = identify(source);
    state_.algorithms = std::move(options.algorithms);
    state_.segment_bytes = options.segment_bytes;
    state_.also = std::move(options.also);
    state_.started_at = started_at;
}

std::string ResumableObject::also_of(const fs::path& folder) {
    const std::optional<ResumeState> state = load_resume_state(folder);
    return state ? state->also : std::string();
}

ResumableObject ResumableObject::take_up(fs::path folder,
                                         const std::optional<fs::path>& second_folder,
                                         const std::string& item, const Source& source,
                                         const ObjectOptions& options, const Context& context) {
    std::optional<ResumeState> state = load_resume_state(folder);
    if (!state) refuse("no resume.json in " + folder.native(), "");
    require_same(*state, item, source, options);
    // Of one that was stopped near its end; they are made anew.
    remove_if_there(folder / map_file_name);
    remove_if_there(folder / "acquisition.json");
    ResumableObject object(std::move(folder), std::move(*state), source.kind);
    object.take_up_pieces();
    object.compare_kept(object.folder_, context);
    if (second_folder) object.compare_kept(*second_folder, context);
    object.kept_ = std::make_unique<DirectReader>(object.folder_, object.layout());
    object.kept_bytes_ = object.state_.position_bytes;
    object.state_.resumptions.push_back({context.clock.now(), object.kept_bytes_});
    return object;
}

void ResumableObject::take_up_pieces() const {
    const fs::path pieces = folder_ / pieces_file_name, before = folder_ / pieces_before_name;
    const std::uint64_t needed = state_.position_bytes / piece_bytes * pieces_line_bytes;
    if (size_of(pieces) >= needed) {
        std::error_code failed;
        fs::rename(pieces, before, failed);
        if (failed) throw_system_error(failed.value(), "cannot rename", pieces.native());
    } else {
        remove_if_there(pieces);
    }
    if (size_of(before) >= needed) return;
    refuse("there are fewer piece digests than there were: " + folder_.native(),
           "move that folder out of items/ and acquire anew");
}

void ResumableObject::compare_kept(const fs::path& folder, const Context& context) const {
    try {
        read_back_beginning(
            {folder, layout(), state_.position_bytes, folder_ / pieces_before_name, {}, 0},
            context);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        refuse("what was acquired has changed: " + error.message(),
               "move that folder out of items/ and acquire anew");
    }
}

std::size_t ResumableObject::read_kept(MutableByteView buffer) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), kept_bytes_ - read_bytes_));
    if (wanted == 0) return 0;
    if (kept_->read(buffer, wanted, read_bytes_) != wanted) {
        refuse("object is shorter than it was: " + kept_->path_at(read_bytes_).native(), "");
    }
    read_bytes_ += wanted;
    return wanted;
}

void ResumableObject::save(std::uint64_t durable_bytes, const BadRanges& bad_ranges) {
    if (durable_bytes <= state_.position_bytes) return;
    BadRanges before;
    for (const BadRange& range : bad_ranges.all()) {
        if (range.offset_bytes >= durable_bytes) break;
        before.add({range.offset_bytes, std::min(range.end(), durable_bytes) - range.offset_bytes,
                    range.error_number});
    }
    if (before.all().size() > resume_max_bad_ranges) return;
    ResumeState next = state_;
    next.position_bytes = durable_bytes;
    next.bad_ranges = std::move(before);
    save_resume_state(folder_, next);
    state_ = std::move(next);
}

void ResumableObject::forget() const {
    for (const std::string_view name :
         {resume_file_name, pieces_before_name, std::string_view("resume.json.next")}) {
        remove_if_there(folder_ / name);
    }
}

}  // namespace evidence
