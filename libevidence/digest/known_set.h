// A hash set: digests of files that are known, of any number. A list of any form becomes a sorted
// file beside it the first time, and is looked up there ever after.
//
//     <list>.known: "evidence-known/1\n", the algorithm, size and time of the list, the number of
//     digests, a line each, zeros up to byte 4096, then the rows of a DigestTable
//
// Thread rule: reading is safe from several threads.
#pragma once

#include <functional>

#include "base/context.h"
#include "digest/digest_table.h"
#include "digest/list_reader.h"

namespace evidence {

class KnownSet {
public:
    // Opens `index`, or makes it when it is not there or not of the list as it is now (by size and
    // time). `wanted`: the algorithm to go by; nullopt: the strongest of the list's first file.
    // Error(malformed) when the list has no digest by it.
    static KnownSet open(const fs::path& list, const fs::path& index,
                         std::optional<Algorithm> wanted, const Context& context,
                         const std::function<void(const ListProblem&)>& problems);

    Algorithm algorithm() const { return algorithm_; }
    std::uint64_t size() const { return rows_; }
    bool was_made() const { return was_made_; }  // and not found
    bool contains(ByteView digest) const {
        return DigestTable(file_, header_bytes, rows_).contains(digest_key(digest));
    }

    static constexpr std::size_t header_bytes = 4096;

private:
    KnownSet() = default;

    File file_;
    Algorithm algorithm_ = Algorithm::sha256;
    std::uint64_t rows_ = 0;
    bool was_made_ = false;
};

}  // namespace evidence
