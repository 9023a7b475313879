// Reads an existing Expert Witness (E01) set through libewf: what it says of itself, and the
// content of the medium.
//
// Thread rule: belongs to one thread.
#pragma once

#include <memory>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/ewf_header.h"
#include "acquisition/ewf_segments.h"
#include "acquisition/positioned_reader.h"
#include "digest/digest.h"

namespace evidence {

// libewf remembers about 130 bytes for each chunk it has come across, and never forgets any: the
// set is opened anew from time to time.
inline constexpr std::uint64_t default_ewf_chunks_in_memory = 2'000'000;

class EwfReader : public PositionedReader {
public:
    // By its first file, x.E01. Error(usage), Error(not_found), Error(malformed) for a set that is
    // not whole or declares what it cannot hold, Error(unsupported).
    explicit EwfReader(const fs::path& first,
                       std::uint64_t chunks_in_memory = default_ewf_chunks_in_memory);
    ~EwfReader() override;

    std::uint64_t media_bytes() const { return media_bytes_; }
    unsigned sector_bytes() const { return sector_bytes_; }
    std::size_t chunk_bytes() const { return chunk_bytes_; }      // what a damaged place costs
    const DigestSet& stored_digests() const { return digests_; }  // md5 and sha1, where stored
    const EwfHeader& header() const { return header_; }           // valid UTF-8
    // Where whoever acquired the medium could not read it.
    const BadRanges& unread() const { return unread_; }
    const std::vector<EwfSegment>& segments() const { return set_.segments; }  // in order

    // -EIO in a chunk that is damaged or is not there: whatever libewf would give out for it.
    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override;

private:
    void read_media_values(const fs::path& first);
    void read_digests();
    void read_header(const fs::path& first);
    void read_unread(const fs::path& first);
    bool make_room_for(std::uint64_t offset);
    bool read_in_chunk(MutableByteView part, std::uint64_t offset);
    bool is_damaged(std::uint64_t offset);

    struct State;
    EwfSet set_;
    std::unique_ptr<State> state_;
    std::uint64_t media_bytes_ = 0;
    unsigned sector_bytes_ = 0;
    std::size_t chunk_bytes_ = 0;
    DigestSet digests_;
    EwfHeader header_;
    BadRanges unread_;
};

}  // namespace evidence
