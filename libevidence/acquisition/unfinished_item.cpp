#include "acquisition/unfinished_item.h"

#include "acquisition/resume_state.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"

namespace evidence {

std::vector<fs::path> resumable_leftovers(const fs::path& final_folder) {
    std::vector<fs::path> found;
    for (const fs::path& leftover : leftovers_of(final_folder)) {
        if (name_is_taken(leftover / resume_file_name)) found.push_back(leftover);
    }
    return found;
}

UnfinishedItem::UnfinishedItem(const fs::path& final_folder, const std::optional<fs::path>& also)
    : folder_(final_folder) {
    if (also) second_.emplace(*also, final_folder.filename().native());
}

UnfinishedItem UnfinishedItem::take_up(const fs::path& final_folder,
                                       const std::optional<fs::path>& also,
                                       const std::function<void(const fs::path& folder)>& check) {
    const std::string item = final_folder.filename().native();
    std::vector<fs::path> found = resumable_leftovers(final_folder);
    // One that was cut off between its final name and its event.
    const bool was_cut_off = name_is_taken(final_folder / resume_file_name);
    if (was_cut_off) found.push_back(final_folder);
    if (found.empty()) {
        throw Error(ErrorKind::not_found,
                    "nothing to resume: " + item + " (expected an unfinished acquisition)",
                    "acquire without --resume");
    }
    if (found.size() > 1) {
        throw Error(ErrorKind::refused,
                    "several unfinished acquisitions of " + item + ": " + found[0].native() + ", " +
                        found[1].native() + " (expected one)",
                    "move all but one of them out of items/");
    }
    if (was_cut_off) {
        found[0] = take_back(final_folder, [&] { check(final_folder); });
    } else {
        check(found[0]);
    }
    ItemFolder folder = ItemFolder::adopt(final_folder, found[0]);
    std::optional<SecondCopy> second;
    if (also) {
        using enum SecondCopy::FirstCopy;
        second.emplace(SecondCopy::take_up(*also, item, was_cut_off ? cut_off : unfinished));
    }
    return {std::move(folder), std::move(second)};
}

std::optional<fs::path> UnfinishedItem::second_path() const {
    return second_ ? std::optional(second_->path()) : std::nullopt;
}

std::vector<std::string> UnfinishedItem::warnings() const {
    std::vector<std::string> texts;
    for (const fs::path& leftover : folder_.leftovers()) {
        const bool goes_on = name_is_taken(leftover / resume_file_name);
        texts.push_back("an earlier acquisition of this item was cut off; what it left is in " +
                        printable(leftover.native()) +
                        (goes_on ? " (--resume goes on with it)" : ""));
    }
    return texts;
}

void UnfinishedItem::keep() {
    folder_.keep();
    if (second_) second_->keep();
    is_kept_ = true;
}

void UnfinishedItem::copy_files_beside(const std::vector<std::string>& object_files,
                                       const Context& context) {
    if (second_) second_->copy_files_beside(folder_.path(), object_files, context);
}

void UnfinishedItem::commit() {
    try {
        folder_.commit();
        if (second_) second_->commit();
    } catch (...) {
        withdraw();
        throw;
    }
}

void UnfinishedItem::withdraw() noexcept {
    keep();
    const auto attempt = [](const auto& act) {
        try {
            act();
        } catch (const std::exception&) {
            // It stays under its final name, where the next acquisition of the item finds it.
        }
    };
    attempt([this] { folder_.withdraw(); });
    if (second_) attempt([this] { second_->withdraw(); });
}

}  // namespace evidence
