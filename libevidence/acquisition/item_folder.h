// The folder of an item while it is made: it grows under a temporary name beside its final one and
// appears whole or not at all.
//
//   items/.USB-01.partial-k3Jx9Q/  ->  items/USB-01/
//
// A lock on the folder tells a running acquisition from the rest of a killed one.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace evidence {

class ItemFolder {
public:
    // `final_folder` is CASE/items/<ID>; its parent exists. Error(exists) when that name is taken
    // on disk (also case-folded) or another acquisition is making it.
    explicit ItemFolder(fs::path final_folder);
    // Takes over a folder that an earlier acquisition left. Error(exists) when somebody works on
    // it.
    static ItemFolder adopt(fs::path final_folder, const fs::path& leftover);
    ItemFolder(ItemFolder&& other) noexcept;
    ~ItemFolder();  // removes the temporary folder unless committed or kept
    ItemFolder(const ItemFolder&) = delete;
    ItemFolder& operator=(const ItemFolder&) = delete;

    const fs::path& path() const { return temporary_; }  // where the files go

    // Gives the folder its final name, durably, and to the owner of items/ what root has made. The
    // files in it must be durable already.
    void commit();
    // Takes the final name back after commit(), and keeps the files under the temporary one.
    void withdraw();

    // Leaves the files under the temporary name, to be gone on with.
    void keep() { keep_ = true; }

    // Folders that killed acquisitions of this item left behind.
    const std::vector<fs::path>& leftovers() const { return leftovers_; }

private:
    ItemFolder(fs::path final_folder, fs::path temporary)
        : final_(std::move(final_folder)), temporary_(std::move(temporary)), keep_(true) {}

    fs::path final_;
    fs::path temporary_;
    File lock_;
    std::vector<fs::path> leftovers_;
    bool keep_ = false;
};

// Gives a folder that got its final name but never became an item a temporary one again; returns
// that. Calls `check` before, while nobody else can work on the folder. Error(exists) when somebody
// does, Error(io), and what `check` throws: then nothing was changed.
fs::path take_back(const fs::path& final_folder, const std::function<void()>& check);

// What earlier acquisitions of the item left in items/, also those that are still at work.
std::vector<fs::path> leftovers_of(const fs::path& final_folder);

// The first of ITEM-001, ITEM-002 ... for which `taken` is false.
std::string next_item_id(const fs::path& items_folder,
                         const std::function<bool(std::string_view id)>& taken);

}  // namespace evidence
