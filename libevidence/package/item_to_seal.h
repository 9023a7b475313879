// An acquired item on its way into a package: its files found, and everything that was promised
// about them checked, except for the object itself, which is hashed while it is copied.
//
// Thread rule: plain functions and values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "acquisition/item_files.h"
#include "custody/case_folder.h"
#include "package/package_writer.h"
#include "package/record.h"

namespace evidence {

// What the ledger promises about an item in its `acquire` event.
struct AcquirePromise {
    std::string acquisition_sha256;
    std::string object_sha256;
};

// A file beside the object, or a stretch of one, that goes into the package as it is.
struct SideFile {
    fs::path path;
    std::string name;  // in the package
    ContentFacts facts;
    std::uint64_t offset = 0;
};

// One file of the item's object: all of it, or a segment.
struct ObjectToSeal {
    std::string name;  // "data/000001.img"
    fs::path path;
    RecordedObject facts;
    std::optional<SideFile> pieces;  // pieces/000001.txt
};

struct ItemToSeal {
    std::string id, acquisition_sha256;
    ItemKind kind{};
    Json source_member, source_bytes_member;
    std::string item_key;           // hex
    fs::path index_path;            // trees
    std::string index_sha256;       // trees
    std::uint64_t index_lines = 0;  // trees
    std::uint64_t size_bytes = 0;   // of the medium
    DigestSet digests;              // likewise
    bool is_segmented = false;
    std::vector<ObjectToSeal> objects;  // at least one
    std::vector<SideFile> acquisition;  // acquisition/000001.json, .map, .omitted.jsonl

    std::size_t entries() const;    // that it takes in the package
    std::uint64_t records() const;  // how many make_records() makes
};

// Reads and checks items/<ID>/ of the case; `number` is that of the item's first object.
// Error(refused) when a file differs from what was recorded about it, Error(not_found) when one is
// missing, Error(malformed) when it cannot be understood; each names the item.
ItemToSeal prepare_item(const CaseFolder& case_folder, const ItemRow& row,
                        const AcquirePromise& promise, std::uint64_t number);

// Hands out the item's records in the order of items.jsonl, each with a fresh salt. Error(refused)
// when the index of a tree is not the one that was recorded.
void make_records(const ItemToSeal& item, RandomSource& random,
                  const std::function<void(const RecordLine& line)>& sink);

}  // namespace evidence
