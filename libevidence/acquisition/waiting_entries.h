// Entries read from a tar that wait for the digests of their contents: small files are hashed many
// at a time, side by side in lanes (digest/sha256_lanes.h), which takes half the time of one after
// the other or less. Private to the room.
//
// Thread rule: one thread at a time.
#pragma once

#include <functional>
#include <vector>

#include "acquisition/tar_entries.h"

namespace evidence {

class WaitingEntries {
public:
    using Sink = std::function<void(TarEntry entry)>;

    // Entries reach `sink` in the order in which they were added. It must outlive this object.
    explicit WaitingEntries(const Sink& sink);

    // Whether contents of this size wait; larger ones are for the caller to hash.
    static bool takes(std::uint64_t size_bytes);

    // Where the content of the next file is to be appended. Precondition: takes(size_bytes).
    Bytes& room_for(std::uint64_t size_bytes);
    // A file whose content was just appended there: its record gets size and digest.
    void add_file(TarEntry entry, std::uint64_t size_bytes);
    // An entry whose record is complete.
    void add(TarEntry entry);

    // Hands out all that wait.
    void flush();

private:
    struct Waiting {
        TarEntry entry;
        bool has_content;
        std::size_t content_bytes;
    };
    void push(Waiting waiting);

    const Sink& sink_;
    std::vector<Waiting> entries_;
    Bytes contents_;  // one after another
};

}  // namespace evidence
