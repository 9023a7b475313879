// items.jsonl as it is consumed: one record ahead, every record a leaf of the item tree, the
// entry's own digest computed on the way. Private to the room.
#pragma once

#include <optional>

#include "package/item_tree.h"
#include "package/record.h"
#include "verification/entry_hash.h"

namespace evidence {

class RecordStream {
public:
    RecordStream(const PackageCheck& check, const ZipEntry& items_jsonl);

    // The next well-formed record, nullptr at the end. Malformed lines become findings.
    const RecordLine* peek();
    RecordLine take();  // precondition: peek() is not null
    std::string where() const { return lines_.where(); }

    // Reads the rest, hands its findings to `check`, returns the tree's size and root.
    struct Tree {
        std::uint64_t size;
        Sha256 root;
    };
    Tree finish(PackageCheck& check);

private:
    Findings findings_;
    HashedLines lines_;
    ItemTree tree_;
    PackageKind kind_;
    std::optional<RecordLine> next_;
    std::string record_bytes_;
};

}  // namespace evidence
