#include "acquisition/second_copy.h"

#include <algorithm>

#include "acquisition/file_copy.h"
#include "acquisition/resumable_object.h"
#include "base/error.h"
#include "base/folder.h"

namespace evidence {

SecondCopy::SecondCopy(const fs::path& also, const std::string& item)
    : final_(also / item), folder_(final_) {}

SecondCopy SecondCopy::take_up(const fs::path& also, const std::string& item, FirstCopy first) {
    std::vector<fs::path> found = leftovers_of(also / item);
    if (found.empty() && first == FirstCopy::cut_off && is_folder(also / item)) {
        found.push_back(take_back(also / item, [] {}));
    }
    if (found.size() != 1) {
        throw Error(ErrorKind::refused,
                    "cannot resume: " + std::to_string(found.size()) +
                        " unfinished second copies of " + item + " in " + also.native() +
                        " (expected one)",
                    found.empty() ? "without its second copy the item has to be acquired anew"
                                  : "move all but the one that belongs to it away");
    }
    return {also / item, ItemFolder::adopt(also / item, found[0])};
}

void SecondCopy::copy_and_compare(const fs::path& first, const std::string& name,
                                  const Context& context) {
    const fs::path copy = path() / name;
    remove_if_there(copy);                          // of one that was stopped near its end
    const auto no_progress = [](std::uint64_t) {};  // these are small
    require_kept(copy, copy_file_durably(first / name, {copy}, no_progress, context), context);
}

void SecondCopy::copy_files_beside(const fs::path& first,
                                   const std::vector<std::string>& object_files,
                                   const Context& context) {
    visit_folder(first, [&](const fs::path& file) {
        const std::string name = file.filename().native();
        const bool is_other =
            std::find(object_files.begin(), object_files.end(), name) == object_files.end() &&
            !is_of_unfinished(name);
        if (is_other) copy_and_compare(first, name, context);
    });
    sync_folder(path());
}

}  // namespace evidence
