#include "acquisition/resumable_object.h"

#include <algorithm>

#include "acquisition/read_back.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::string_view pieces_name = "pieces.txt", pieces_before_name = "pieces.txt.before";
constexpr std::uint64_t digest_line_bytes = 65;  // 64 hex digits and a newline

[[noreturn]] void refuse(const std::string& why, const char* hint) {
    throw Error(ErrorKind::refused, "cannot resume: " + why, hint);
}

void require_same(const ResumeState& state, const std::string& item, const Source& source,
                  const std::vector<Algorithm>& algorithms) {
    if (fold_case(state.item) != fold_case(item)) {
        refuse("item " + item + " (expected " + state.item + ")", "");
    }
    const std::string other = difference(identify(source), state.source);
    if (!other.empty()) {
        refuse("another source: " + other,
               "connect the source that the acquisition began with, or acquire as a new item");
    }
    std::vector<Algorithm> before = state.algorithms, now = algorithms;
    std::sort(before.begin(), before.end());
    std::sort(now.begin(), now.end());
    if (before == now) return;
    std::string names;
    for (Algorithm algorithm : before) {
        names.append(names.empty() ? "" : ",").append(name_of(algorithm));
    }
    refuse("changed option: --digest (expected " + names + ")", "give the options it began with");
}

std::uint64_t size_of(const fs::path& path) {
    return name_is_taken(path) ? File::open_regular(path).size() : 0;
}

}  // namespace

ResumableObject::ResumableObject(fs::path folder, ResumeState state, ItemKind kind)
    : folder_(std::move(folder)), state_(std::move(state)), kind_(kind) {}

ResumableObject::ResumableObject(fs::path folder, std::string item, const Source& source,
                                 std::vector<Algorithm> algorithms, UtcTime started_at)
    : folder_(std::move(folder)), kind_(source.kind) {
    state_.item = std::move(item);
    state_.source = identify(source);
    state_.algorithms = std::move(algorithms);
    state_.started_at = started_at;
}

ResumableObject ResumableObject::take_up(fs::path folder, const std::string& item,
                                         const Source& source,
                                         const std::vector<Algorithm>& algorithms,
                                         const Context& context) {
    std::optional<ResumeState> state = load_resume_state(folder);
    if (!state) refuse("no resume.json in " + folder.native(), "");
    require_same(*state, item, source, algorithms);
    // Of one that was stopped near its end; they are made anew.
    remove_if_there(folder / map_file_name);
    remove_if_there(folder / "acquisition.json");
    ResumableObject object(std::move(folder), std::move(*state), source.kind);
    object.compare_kept(context);
    object.kept_bytes_ = object.state_.position_bytes;
    object.state_.resumptions.push_back({context.clock.now(), object.kept_bytes_});
    return object;
}

void ResumableObject::compare_kept(const Context& context) {
    const fs::path pieces = folder_ / pieces_name, before = folder_ / pieces_before_name;
    const fs::path object = folder_ / object_file_name(kind_);
    const std::uint64_t needed = state_.position_bytes / piece_bytes * digest_line_bytes;
    if (size_of(pieces) >= needed) {
        std::error_code failed;
        fs::rename(pieces, before, failed);
        if (failed) throw_system_error(failed.value(), "cannot rename", pieces.native());
    } else {
        remove_if_there(pieces);
    }
    if (size_of(before) < needed || size_of(object) < state_.position_bytes) {
        refuse("object or piece digests are shorter than they were: " + folder_.native(),
               "move that folder out of items/ and acquire anew");
    }
    try {
        read_back_beginning(object, state_.position_bytes, before, context);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        refuse("what was acquired has changed: " + error.message(),
               "move that folder out of items/ and acquire anew");
    }
    kept_ = File::open_regular(object);
}

std::size_t ResumableObject::read_kept(MutableByteView buffer) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), kept_bytes_ - read_bytes_));
    if (wanted == 0) return 0;
    kept_.read_exactly_at(buffer.first(wanted), read_bytes_);
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
