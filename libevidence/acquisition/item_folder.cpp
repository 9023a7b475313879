#include "acquisition/item_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"

namespace evidence {
namespace {

constexpr std::string_view partial_mark = ".partial-";
constexpr unsigned last_default_number = 999'999;

// The item a temporary folder belongs to; empty for other names.
std::string_view item_of_partial(std::string_view name) {
    if (!name.starts_with('.')) return {};
    const auto mark = name.rfind(partial_mark);
    return mark == std::string_view::npos ? std::string_view{} : name.substr(1, mark - 1);
}

// Whatever else has such a name, a link for one, is nobody's work.
bool is_locked(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0) return false;
    const File handle = File::adopt(fd, folder.native());
    return ::flock(handle.fd(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

[[noreturn]] void refuse_busy(const fs::path& folder) {
    throw Error(ErrorKind::exists, "item is being acquired: " + folder.native() +
                                       " (expected nobody else to work on it)");
}

File locked(const fs::path& folder) {
    File handle = File::open_read(folder);
    if (::flock(handle.fd(), LOCK_EX | LOCK_NB) != 0) refuse_busy(folder);
    return handle;
}

void refuse_final_name(const fs::path& found) {
    throw Error(ErrorKind::exists,
                "item folder exists: " + found.native() + " (expected a new item id)",
                "if the ledger does not know this item, its acquisition was cut off just before "
                "it was recorded; --resume goes on with that of a device or file, else move the "
                "folder away and acquire again");
}

}  // namespace

ItemFolder::ItemFolder(fs::path final_folder) : final_(std::move(final_folder)) {
    const fs::path items = final_.parent_path();
    const std::string id = fold_case(final_.filename().native());
    visit_folder(items, [&](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (fold_case(name) == id) refuse_final_name(entry);
        if (fold_case(item_of_partial(name)) != id) return;
        if (is_locked(entry)) refuse_busy(entry);
        leftovers_.push_back(entry);
    });
    std::string name =
        (items / ("." + final_.filename().native() + std::string(partial_mark) + "XXXXXX"))
            .native();
    if (!::mkdtemp(name.data())) throw_errno("cannot create a folder in", items.native());
    temporary_ = name;
    lock_ = File::open_read(temporary_);
    if (::flock(lock_.fd(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        throw_errno("cannot lock", temporary_.native());
    }
    sync_folder(items);
}

ItemFolder ItemFolder::adopt(fs::path final_folder, const fs::path& leftover) {
    visit_folder(final_folder.parent_path(), [&](const fs::path& entry) {
        if (fold_case(entry.filename().native()) == fold_case(final_folder.filename().native())) {
            refuse_final_name(entry);
        }
    });
    ItemFolder folder(std::move(final_folder), leftover);
    folder.lock_ = locked(leftover);
    return folder;
}

ItemFolder::ItemFolder(ItemFolder&& other) noexcept
    : final_(std::move(other.final_)),
      temporary_(std::move(other.temporary_)),
      lock_(std::move(other.lock_)),
      leftovers_(std::move(other.leftovers_)),
      keep_(std::exchange(other.keep_, true)) {}

ItemFolder::~ItemFolder() {
    if (keep_) return;
    std::error_code ignored;
    fs::remove_all(temporary_, ignored);
}

void ItemFolder::commit() {
    sync_folder(temporary_);
    try {
        rename_new(temporary_, final_);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::exists) throw;
        refuse_final_name(final_);
    }
    keep_ = true;
    sync_folder(final_.parent_path());
}

void ItemFolder::withdraw() {
    rename_new(final_, temporary_);
    sync_folder(final_.parent_path());
}

fs::path take_back(const fs::path& final_folder, const std::function<void()>& check) {
    const File lock = locked(final_folder);
    check();
    const fs::path items = final_folder.parent_path();
    fs::path taken;
    for (unsigned number = 0; taken.empty() || name_is_taken(taken); ++number) {
        taken = items / fmt::format(".{}{}back{:02}", final_folder.filename().native(),
                                    partial_mark, number);
    }
    rename_new(final_folder, taken);
    sync_folder(items);
    return taken;
}

std::vector<fs::path> leftovers_of(const fs::path& final_folder) {
    std::vector<fs::path> found;
    const std::string id = fold_case(final_folder.filename().native());
    visit_folder(final_folder.parent_path(), [&](const fs::path& entry) {
        if (fold_case(item_of_partial(entry.filename().native())) == id) found.push_back(entry);
    });
    std::sort(found.begin(), found.end());
    return found;
}

std::string next_item_id(const fs::path& items_folder,
                         const std::function<bool(std::string_view id)>& taken) {
    std::vector<std::string> names;
    visit_folder(items_folder, [&names](const fs::path& entry) {
        const std::string name = entry.filename().native();
        const std::string_view partial = item_of_partial(name);
        names.push_back(fold_case(partial.empty() ? std::string_view(name) : partial));
    });
    for (unsigned number = 1; number <= last_default_number; ++number) {
        const std::string id = fmt::format("ITEM-{:03}", number);
        if (!taken(id) && std::find(names.begin(), names.end(), fold_case(id)) == names.end()) {
            return id;
        }
    }
    throw Error(ErrorKind::exists, "no free default item id (expected --item ID)");
}

}  // namespace evidence
