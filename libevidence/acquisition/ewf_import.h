// Takes in an existing Expert Witness (E01) set as it is: its files are copied, its content is read
// out of the copies, hashed, and held against the digests that whoever made the set stored in it.
//
// Thread rule: plain function; works with threads of its own.
#pragma once

#include "acquisition/error_policy.h"
#include "acquisition/ewf_header.h"
#include "acquisition/free_space.h"
#include "acquisition/recorder.h"

namespace evidence {

struct EwfImport {
    ObjectFacts object;
    EwfHeader header;
    DigestSet stored;       // md5 and sha1, as far as the set has them
    std::string objection;  // why verification will not be able to read it; empty: it will
    std::string mismatch;   // what of them is otherwise, in words; empty: nothing is
    BadRanges unread;       // where the one who made it could not read, or a chunk is damaged
    unsigned sector_bytes = 0;
};

// `first` is the first file of the set; the copies become image.E01, image.E02 .. in each of
// `folders`, written in one pass; what else is made goes into the first. `room` is looked at
// meanwhile. `algorithms` hold sha256. A damaged chunk is Error(io), or counts as zeros and as
// unread when the policy is to fill. Error(malformed), Error(interrupted).
EwfImport import_ewf_set(const fs::path& first, const std::vector<fs::path>& folders,
                         const std::vector<Algorithm>& algorithms, OnError on_error,
                         FreeSpaceWatch& room, const Context& context);

}  // namespace evidence
