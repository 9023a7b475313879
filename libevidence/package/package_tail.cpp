#include "package/package_tail.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "digest/digest.h"
#include "package/zip_reader.h"

namespace evidence {
namespace {

// A saved tail: this line, the offset it belongs at and its SHA-256, a line each, then its bytes.
constexpr std::string_view saved_format = "evidence-tail/1\n";
constexpr std::size_t tail_max_bytes = 64 * mib;  // 65,535 directory records and the end records

fs::path saved_path(const fs::path& package) { return package.native() + ".tail"; }

File open_to_change(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) throw_errno("cannot open to change", path.native());
    return File::adopt(fd, path.native());
}

[[noreturn]] void refuse(const fs::path& package, const std::string& why) {
    throw Error(ErrorKind::refused, "package left as it is: " + package.native() + " (" + why + ")",
                "evidence-verify says what is wrong with it");
}

ZipStructure require_whole(const File& file, const fs::path& package) {
    Findings findings;
    ZipStructure zip = read_zip_structure(file, findings);
    for (const Finding& finding : findings.all()) refuse(package, finding.code);
    return zip;
}

std::string read_from(const File& file, std::uint64_t offset) {
    const std::uint64_t size = file.size();
    if (offset > size || size - offset > tail_max_bytes) {
        throw Error(ErrorKind::malformed, "the end of a file is out of bounds: " + file.name());
    }
    std::string bytes(size - offset, '\0');
    file.read_exactly_at({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}, offset);
    return bytes;
}

// Local headers and contents, then the directory over old and new, then the end records.
std::string new_tail(const ZipStructure& zip, const NewEntries& entries) {
    std::string tail, directory;
    for (const ZipEntry& entry : zip.entries) directory += directory_record(entry);
    for (const auto& [name, content] : entries) {
        const ZipEntry entry{name, content.size(), crc32(0, as_bytes(content)),
                             zip.directory_offset + tail.size()};
        tail += local_header(name, entry.size, entry.crc32) + content;
        directory += directory_record(entry);
    }
    const std::uint64_t directory_offset = zip.directory_offset + tail.size();
    const std::size_t count = zip.entries.size() + entries.size();
    return tail + directory + end_records(count, directory.size(), directory_offset);
}

void write_tail(File& file, std::uint64_t offset, std::string_view tail) {
    file.write_at(as_bytes(tail), offset);
    if (::ftruncate(file.fd(), static_cast<off_t>(offset + tail.size())) != 0) {
        throw_errno("cannot set the size of", file.name());
    }
    file.sync();
}

void remove_saved(const fs::path& package) {
    const fs::path saved = saved_path(package);
    if (::unlink(saved.c_str()) != 0) throw_errno("cannot remove", saved.native());
    sync_folder(fs::absolute(saved).parent_path());
}

struct SavedTail {
    std::uint64_t offset = 0;
    std::string bytes;
};

std::string take_line(std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    return line;
}

SavedTail read_saved(const fs::path& package) {
    std::string text = read_small_file(saved_path(package), tail_max_bytes + 4096);
    SavedTail saved;
    if (!text.starts_with(saved_format)) refuse(package, "the saved tail is not one of ours");
    text.erase(0, saved_format.size());
    const std::string offset = take_line(text), digest = take_line(text);
    if (offset.empty() || offset.size() > 18 ||
        offset.find_first_not_of("0123456789") != std::string::npos || digest != sha256_hex(text)) {
        refuse(package, "the saved tail is damaged");
    }
    saved.offset = std::stoull(offset);
    saved.bytes = std::move(text);
    return saved;
}

}  // namespace

void append_entries(const fs::path& package, const NewEntries& entries) {
    File file = open_to_change(package);
    const ZipStructure zip = require_whole(file, package);
    if (zip.entries.size() + entries.size() > zip_max_entries) refuse(package, "too many entries");
    const std::string old_tail = read_from(file, zip.directory_offset);
    write_new_file(saved_path(package),
                   as_bytes(std::string(saved_format) + std::to_string(zip.directory_offset) +
                            "\n" + sha256_hex(old_tail) + "\n" + old_tail));
    try {
        write_tail(file, zip.directory_offset, new_tail(zip, entries));
        require_whole(file, package);
    } catch (...) {
        write_tail(file, zip.directory_offset, old_tail);
        remove_saved(package);
        throw;
    }
    remove_saved(package);
}

bool restore_tail(const fs::path& package) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(saved_path(package), error))) return false;
    const SavedTail saved = read_saved(package);
    File file = open_to_change(package);
    if (file.size() < saved.offset) refuse(package, "the saved tail belongs to a longer file");
    write_tail(file, saved.offset, saved.bytes);
    require_whole(file, package);
    remove_saved(package);
    return true;
}

}  // namespace evidence
