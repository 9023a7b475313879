// Writes packed chunks as an Expert Witness (E01, "EnCase 6") set through libewf, image.E01,
// image.E02 .., into one folder. Private to EwfWriter, which packs them.
//
// Thread rule: belongs to one thread.
#pragma once

#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/ewf_handles.h"
#include "acquisition/ewf_options.h"
#include "acquisition/ewf_segments.h"
#include "digest/digest.h"

namespace evidence {

class EwfSetWriter {
public:
    // Precondition: accepted options. Error(exists) when a file of the set is there.
    explicit EwfSetWriter(const EwfOptions& options);
    ~EwfSetWriter();
    EwfSetWriter(const EwfSetWriter&) = delete;
    EwfSetWriter& operator=(const EwfSetWriter&) = delete;

    void write(const EwfPackedChunk& chunk);  // the next one; Error(io)
    // As EwfWriter::finish().
    std::vector<EwfSegment> finish(const DigestSet& digests, const BadRanges& unread);

private:
    void check(bool succeeded, std::string_view what);
    fs::path first() const;
    void refuse_leftovers() const;
    void open();
    void set_media_values();
    void set_header();
    void set_header_value(const char* identifier, const std::string& value);
    void store_digest(const DigestSet& digests, Algorithm algorithm,
                      int (*store)(libewf_handle_t*, std::uint8_t*, std::size_t, libewf_error_t**));
    void store_unread(const BadRanges& unread);
    std::vector<EwfSegment> make_durable();
    void compare(const DigestSet& digests, const BadRanges& unread) const;

    const EwfOptions options_;
    EwfError error_;
    EwfHandle handle_;
};

}  // namespace evidence
