// The second copy of an item, made in the same pass: the same files in a folder of their own, which
// appears there whole or not at all, as the first one does in the case.
//
//   /mnt/second/USB-01/   beside   CASE/items/USB-01/
//
// Thread rule: belongs to one thread.
#pragma once

#include "acquisition/item_folder.h"
#include "acquisition/object_files.h"
#include "base/context.h"

namespace evidence {

class SecondCopy {
public:
    // Creates `also`/ID under a temporary name. Error(exists) when that item is there already.
    SecondCopy(const fs::path& also, const std::string& item);
    // Goes on with the one that an earlier acquisition left. Error(refused) without exactly one. A
    // copy under its final name is somebody's evidence, unless the first one was `cut_off` after it
    // got its own.
    enum class FirstCopy { unfinished, cut_off };
    static SecondCopy take_up(const fs::path& also, const std::string& item, FirstCopy first);

    const fs::path& path() const { return folder_.path(); }  // where the object goes
    const fs::path& final_path() const { return final_; }
    void keep() { folder_.keep(); }  // for an acquisition that is to be gone on with

    // After the object is complete: copies every other file of the first copy, but for what only an
    // unfinished one needs, and compares. Everything is durable then. Error(io),
    // Error(interrupted).
    void copy_files_beside(const fs::path& first, const std::vector<std::string>& object_files,
                           const Context& context);
    void commit() { folder_.commit(); }
    void withdraw() { folder_.withdraw(); }

private:
    void copy_and_compare(const fs::path& first, const std::string& name, const Context& context);

    SecondCopy(fs::path final_folder, ItemFolder folder)
        : final_(std::move(final_folder)), folder_(std::move(folder)) {}

    fs::path final_;
    ItemFolder folder_;
};

}  // namespace evidence
