#include "acquisition/second_copy.h"

#include <algorithm>

#include "acquisition/resume_state.h"
#include "base/error.h"
#include "base/folder.h"

namespace evidence {
namespace {

constexpr std::size_t copy_bytes = mib;

void copy_durably(const fs::path& from, const fs::path& to) {
    File source = File::open_regular(from);
    File copy = File::create_new(to);
    Bytes buffer(copy_bytes);
    while (const std::size_t count = source.read_some(buffer)) {
        copy.write(ByteView(buffer).first(count));
    }
    copy.sync();
    copy.close();
}

}  // namespace

SecondCopy::SecondCopy(const fs::path& also, const std::string& item)
    : final_(also / item), folder_(final_) {}

SecondCopy SecondCopy::take_up(const fs::path& also, const std::string& item) {
    const std::vector<fs::path> found = leftovers_of(also / item);
    if (found.size() != 1) {
        throw Error(ErrorKind::refused,
                    "cannot resume: " + std::to_string(found.size()) +
                        " unfinished second copies of " + item + " in " + also.native() +
                        " (expected one)",
                    "without its second copy the item has to be acquired anew");
    }
    return {also / item, ItemFolder::adopt(also / item, found[0])};
}

void SecondCopy::copy_files_beside(const fs::path& first,
                                   const std::vector<std::string>& object_files) {
    visit_folder(first, [&](const fs::path& file) {
        const std::string name = file.filename().native();
        const bool is_object =
            std::find(object_files.begin(), object_files.end(), name) != object_files.end();
        if (is_object) return;
        remove_if_there(path() / name);  // of one that was stopped near its end
        copy_durably(file, path() / name);
    });
}

}  // namespace evidence
