#include "acquisition/tar_writer.h"

#include <exception>
#include <new>

#include "base/error.h"

namespace evidence {

TarWriter::TarWriter(Output output) : output_(std::move(output)), writer_(archive_write_new()) {
    if (!writer_) throw std::bad_alloc();
    if (archive_write_set_format_pax(writer_.get()) != ARCHIVE_OK ||
        archive_write_set_options(writer_.get(), "xattrheader=SCHILY") != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(writer_.get(), 0) != ARCHIVE_OK ||
        archive_write_open2(writer_.get(), this, nullptr, write_callback, nullptr, nullptr) !=
            ARCHIVE_OK) {
        fail();
    }
}

la_ssize_t TarWriter::write_callback(struct archive*, void* self, const void* data,
                                     std::size_t size) {
    TarWriter& writer = *static_cast<TarWriter*>(self);
    if (writer.failure_ || writer.stopped_) return -1;  // freeing libarchive's handle writes
    try {
        writer.output_({static_cast<const std::uint8_t*>(data), size});
        return static_cast<la_ssize_t>(size);
    } catch (...) {
        writer.failure_ = std::current_exception();
        return -1;
    }
}

std::optional<std::uint64_t> TarWriter::begin_entry(archive_entry& entry) {
    const int result = archive_write_header(writer_.get(), &entry);
    if (failure_ || result == ARCHIVE_FATAL) fail();
    // ARCHIVE_WARN: a name that is not UTF-8, stored raw and marked so.
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        const char* reason = archive_error_string(writer_.get());
        refusal_ = reason ? reason : "not possible in a tar";
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(archive_filter_bytes(writer_.get(), 0));
}

void TarWriter::content(ByteView bytes) {
    while (!bytes.empty()) {
        const la_ssize_t count = archive_write_data(writer_.get(), bytes.data(), bytes.size());
        if (count <= 0) fail();
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void TarWriter::finish() {
    if (archive_write_close(writer_.get()) != ARCHIVE_OK) fail();
}

void TarWriter::fail() {
    if (failure_) std::rethrow_exception(failure_);
    const char* reason = archive_error_string(writer_.get());
    throw Error(ErrorKind::io,
                "cannot write the tar: " + std::string(reason ? reason : "libarchive refused"));
}

}  // namespace evidence
