// Writes the pax tar of a captured tree through libarchive: never sparse, names byte for byte,
// nothing after the end marker. Private to the room.
//
// Thread rule: belongs to one thread, which holds an ArchiveLocale.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "acquisition/archive_handles.h"
#include "base/bytes.h"

namespace evidence {

class TarWriter {
public:
    using Output = std::function<void(ByteView bytes)>;
    explicit TarWriter(Output output);
    ~TarWriter() { stopped_ = true; }  // without finish(): nothing more is written
    TarWriter(const TarWriter&) = delete;
    TarWriter& operator=(const TarWriter&) = delete;

    // Returns where the entry's content begins, or nullopt (with the reason in refusal()) when a
    // tar cannot hold such an entry. Failures of the output pass through.
    std::optional<std::uint64_t> begin_entry(archive_entry& entry);
    const std::string& refusal() const { return refusal_; }

    // Of the entry's content, exactly as many bytes as its header says.
    void content(ByteView bytes);
    // Writes the end marker. To be called once, at the end.
    void finish();

private:
    static la_ssize_t write_callback(struct archive*, void* self, const void* data,
                                     std::size_t size);
    [[noreturn]] void fail();

    Output output_;
    std::exception_ptr failure_;
    std::string refusal_;
    bool stopped_ = false;
    ArchiveWriter writer_;  // last: closing it may call back
};

}  // namespace evidence
