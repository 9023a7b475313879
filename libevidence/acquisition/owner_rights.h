// Acts as the owner of a case: root may acquire into the case of an officer, who is less trusted
// than root. What is created then is the officer's, and nothing is created, changed or removed that
// the officer could not have: whatever stands in the way there (links, renamed folders) leads root
// nowhere. Reading stays root's right, through capabilities(7).
//
// Thread rule: changes the rights of the whole process; to be made and destroyed while it has no
// other threads.
#pragma once

#include <sys/types.h>

#include <vector>

#include "base/file.h"

namespace evidence {

class OwnerRights {
public:
    // Does nothing unless root runs and `folder` belongs to somebody else. Error(io).
    explicit OwnerRights(const fs::path& folder);
    ~OwnerRights();  // root again
    // What is read from now on, the owner could read.
    void end_reading();
    OwnerRights(const OwnerRights&) = delete;
    OwnerRights& operator=(const OwnerRights&) = delete;

private:
    void take_on(uid_t owner, gid_t group);
    void give_back() noexcept;

    bool acting_ = false;
    gid_t group_before_ = 0;
    std::vector<gid_t> groups_before_;
};

// Error(refused) when root would write into a folder of somebody it does not act for.
void require_own_folder(const fs::path& folder);

}  // namespace evidence
