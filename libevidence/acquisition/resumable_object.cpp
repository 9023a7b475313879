#include "acquisition/resumable_object.h"

#include <algorithm>
#include <array>

#include "acquisition/read_back.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"
#include "base/printable.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::uint64_t most_samples = 32;
constexpr std::string_view pieces_before_name = "pieces.txt.before";
constexpr std::array names_of_unfinished = {resume_file_name, pieces_before_name,
                                            std::string_view("resume.json.next")};

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

ResumeState state_in(const fs::path& folder) {
    std::optional<ResumeState> state = load_resume_state(folder);
    if (!state) refuse("no resume.json in " + folder.native(), "");
    return std::move(*state);
}

void require_same_state(const ResumeState& state, const std::string& item, const Source& source,
                        const ObjectOptions& options) {
    if (fold_case(state.item) != fold_case(item)) {
        refuse("item " + item + " (expected " + state.item + ")", "");
    }
    const std::string other = difference(identify(source, options.errors), state.source);
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
    state_.source = identify(source, options.errors);
    state_.algorithms = std::move(options.algorithms);
    state_.segment_bytes = options.segment_bytes;
    state_.also = std::move(options.also);
    state_.started_at = started_at;
}

void ResumableObject::require_same(const fs::path& folder, const std::string& item,
                                   const Source& source, const ObjectOptions& options) {
    require_same_state(state_in(folder), item, source, options);
}

ResumableObject ResumableObject::take_up(fs::path folder,
                                         const std::optional<fs::path>& second_folder,
                                         const Source& source, const ErrorPolicy& errors,
                                         const Context& context) {
    ResumeState state = state_in(folder);
    ResumableObject object(std::move(folder), std::move(state), source.kind);
    object.take_up_pieces();
    object.compare_kept(object.folder_, context);
    object.compare_samples(source, errors, context);
    if (second_folder) object.compare_kept(*second_folder, context);
    object.remove_what_is_made_anew();
    object.kept_ = std::make_unique<DirectReader>(object.folder_, object.layout());
    object.kept_bytes_ = object.state_.position_bytes;
    object.state_.resumptions.push_back({context.clock.now(), object.kept_bytes_});
    return object;
}

// Of an acquisition that was stopped near its end.
void ResumableObject::remove_what_is_made_anew() const {
    remove_if_there(folder_ / map_file_name);
    visit_folder(folder_, [](const fs::path& file) {
        const std::string name = file.filename().native();
        if (name == acquisition_file_name ||
            name.starts_with("." + std::string(acquisition_file_name) + ".")) {
            remove_if_there(file);
        }
    });
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

// Object, piece digests and state only vouch for each other. Somebody who wrote all three anew is
// found out by the source, which is asked for a few pieces that nobody could foresee.
void ResumableObject::compare_samples(const Source& source, const ErrorPolicy& errors,
                                      const Context& context) const {
    const std::uint64_t pieces = state_.position_bytes / piece_bytes;
    if (pieces == 0) return;
    const std::unique_ptr<PositionedReader> reads = reads_of(source, errors);
    DirectReader object(folder_, layout());
    Bytes expected(piece_bytes), found(piece_bytes);
    for (std::uint64_t i = 0; i < std::min(pieces, most_samples); ++i) {
        context.check_interrupted();
        std::uint64_t piece = 0;
        context.random.fill({reinterpret_cast<std::uint8_t*>(&piece), sizeof piece});
        piece %= pieces;
        const std::uint64_t offset = piece * piece_bytes;
        // What cannot be read any more is no contradiction.
        if (is_filled(piece) ||
            reads->read_at(found, offset) != static_cast<ssize_t>(piece_bytes)) {
            continue;
        }
        if (object.read(expected, piece_bytes, offset) == piece_bytes && expected == found)
            continue;
        refuse(
            "the source does not hold what was acquired of it: " + object.path_at(offset).native() +
                " (piece " + std::to_string(piece) + " at byte " + std::to_string(offset) + ")",
            "move that folder out of items/ and acquire anew");
    }
}

bool ResumableObject::is_filled(std::uint64_t piece) const {
    const std::uint64_t begin = piece * piece_bytes, end = begin + piece_bytes;
    const std::vector<BadRange>& ranges = state_.bad_ranges.all();
    return std::any_of(ranges.begin(), ranges.end(), [&](const BadRange& range) {
        return range.offset_bytes < end && range.end() > begin;
    });
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

void ResumableObject::forget(const fs::path& folder) const {
    for (const std::string_view name : names_of_unfinished) remove_if_there(folder / name);
}

bool is_of_unfinished(std::string_view name) {
    return std::find(names_of_unfinished.begin(), names_of_unfinished.end(), name) !=
           names_of_unfinished.end();
}

}  // namespace evidence
