// The folders of an item while it is made: the one in the case and, with a second copy, the other
// one. Both get their final names together, when everything in them is durable.
//
// Thread rule: belongs to one thread.
#pragma once

#include <functional>
#include <optional>

#include "acquisition/second_copy.h"

namespace evidence {

// What earlier acquisitions of the item left that can be gone on with.
std::vector<fs::path> resumable_leftovers(const fs::path& final_folder);

class UnfinishedItem {
public:
    // New folders; `also` is that of the second copies, if one is wanted. Errors as ItemFolder.
    UnfinishedItem(const fs::path& final_folder, const std::optional<fs::path>& also);
    // Goes on with what an earlier acquisition left, after `check` has seen that folder, where it
    // still is. Error(not_found) without such, Error(refused) for several, and what `check` throws:
    // then nothing was changed.
    static UnfinishedItem take_up(const fs::path& final_folder, const std::optional<fs::path>& also,
                                  const std::function<void(const fs::path& folder)>& check);

    const fs::path& path() const { return folder_.path(); }
    std::optional<fs::path> second_path() const;
    // In words, what earlier acquisitions left behind.
    std::vector<std::string> warnings() const;

    // Copies what stands beside the object to the second place.
    void copy_files_beside(const std::vector<std::string>& object_files, const Context& context);

    // What is there stays, to be gone on with.
    void keep();
    bool is_kept() const { return is_kept_; }

    // Gives the final names.
    void commit();
    // After commit(): takes the names back and keeps the files. Takes back what it can.
    void withdraw() noexcept;

private:
    UnfinishedItem(ItemFolder folder, std::optional<SecondCopy> second)
        : folder_(std::move(folder)), second_(std::move(second)), is_kept_(true) {}

    ItemFolder folder_;
    std::optional<SecondCopy> second_;
    bool is_kept_ = false;
};

}  // namespace evidence
