// A captured tree of a case: the entries of its tar against index.jsonl beside it.
// Private to the room.
//
// Thread rule: belongs to one thread.
#pragma once

#include <memory>

#include "acquisition/item_files.h"
#include "verification/case_check.h"
#include "verification/tree_check.h"

namespace evidence {

class CaseTree {
public:
    // `object` is the tar, relative to the case.
    CaseTree(CaseCheck& check, const AcquisitionRecord& record, const std::string& object);
    ~CaseTree();

    void run(const BroadcastPull& pull);  // a consumer of the tar's bytes
    std::uint64_t entries() const;
    // After run: adds the findings; true when every record is what the tar says.
    bool report();

private:
    class IndexRecords;
    CaseCheck& check_;
    std::unique_ptr<IndexRecords> records_;
    TreeCheck tree_;
};

}  // namespace evidence
