// Owning handles for libarchive, and the locale it needs to keep file names exact. Private to the
// library: no public header includes it.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <memory>

namespace evidence {

struct ArchiveReadDeleter {
    void operator()(struct archive* handle) const { archive_read_free(handle); }
};
struct ArchiveWriteDeleter {
    void operator()(struct archive* handle) const { archive_write_free(handle); }
};
struct ArchiveEntryDeleter {
    void operator()(struct archive_entry* entry) const { archive_entry_free(entry); }
};

using ArchiveReader = std::unique_ptr<struct archive, ArchiveReadDeleter>;
using ArchiveDiskReader = std::unique_ptr<struct archive, ArchiveReadDeleter>;
using ArchiveWriter = std::unique_ptr<struct archive, ArchiveWriteDeleter>;
using ArchiveEntry = std::unique_ptr<struct archive_entry, ArchiveEntryDeleter>;

// libarchive converts names between UTF-8 and the thread's locale. With C.UTF-8 valid UTF-8 passes
// unchanged, and names in other bytes are stored raw and marked so (pax hdrcharset=BINARY).
//
// Thread rule: changes the locale of the calling thread only, and puts the old one back.
class ArchiveLocale {
public:
    ArchiveLocale();  // Error(unsupported) when the system has no C.UTF-8
    ~ArchiveLocale();
    ArchiveLocale(const ArchiveLocale&) = delete;
    ArchiveLocale& operator=(const ArchiveLocale&) = delete;

private:
    locale_t utf8_;
    locale_t before_;
};

}  // namespace evidence
