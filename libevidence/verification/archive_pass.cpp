#include "verification/archive_pass.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t block_bytes = 256 * kib;

void require_built_in(int result, const char* name) {
    if (result == ARCHIVE_OK) return;
    throw Error(ErrorKind::unsupported, std::string("libarchive cannot unpack this itself: ") +
                                            name + " (expected it built with all its libraries)");
}

ArchiveReader new_reader() {
    ArchiveReader reader(archive_read_new());
    if (!reader) throw std::bad_alloc();
    struct archive* const a = reader.get();
    require_built_in(archive_read_support_format_tar(a), "tar");
    // What stands behind the end of a tar is read too: another program may unpack just that.
    require_built_in(archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1"),
                     "tar with something behind its end");
    require_built_in(archive_read_support_format_zip_seekable(a), "zip");
    require_built_in(archive_read_support_filter_gzip(a), "gzip");
    require_built_in(archive_read_support_filter_bzip2(a), "bzip2");
    require_built_in(archive_read_support_filter_xz(a), "xz");
    require_built_in(archive_read_support_filter_lzma(a), "lzma");
    require_built_in(archive_read_support_filter_zstd(a), "zstd");
    require_built_in(archive_read_support_filter_lz4(a), "lz4");
    require_built_in(archive_read_support_filter_compress(a), "compress");
    return reader;
}

// Without empty and . parts; nullopt for a path that is absolute or leads upwards, on any system.
std::optional<std::string> relative_path(std::string_view name) {
    const bool has_drive = name.size() > 1 && name[1] == ':';
    if (name.starts_with('/') || name.starts_with('\\') || has_drive) return std::nullopt;
    std::string path;
    while (!name.empty()) {
        const std::string_view part = name.substr(0, name.find('/'));
        name.remove_prefix(std::min(part.size() + 1, name.size()));
        if (part == ".." || part.find("..\\") != std::string_view::npos) return std::nullopt;
        if (part.empty() || part == ".") continue;
        if (!path.empty()) path += '/';
        path += part;
    }
    return path;
}

}  // namespace

ArchivePass::ArchivePass(const File& file, const Context& context)
    : file_(file), context_(context), reader_(new_reader()), buffer_(block_bytes) {
    const std::uint64_t size = file_.size();
    max_bytes_ = std::max(archive_expansion_floor_bytes, size > UINT64_MAX / archive_max_expansion
                                                             ? UINT64_MAX
                                                             : size * archive_max_expansion);
    if (::lseek(file_.fd(), 0, SEEK_SET) < 0) throw_errno("cannot read", file_.name());
    if (archive_read_open_fd(reader_.get(), file_.fd(), block_bytes) != ARCHIVE_OK) {
        stop(End::damaged, reason());
    }
}

bool ArchivePass::next() {
    if (end_ != End::none) return false;
    context_.check_interrupted();
    struct archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader_.get(), &entry);
    if (result == ARCHIVE_EOF) return stop(End::complete, {});
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return stop(End::damaged, reason());
    examine(entry);
    name_bytes_ += name_.size();
    const auto unpacked = archive_filter_bytes(reader_.get(), 0);  // headers included
    if (++entries_ > archive_max_entries || name_bytes_ > archive_max_name_bytes ||
        (unpacked > 0 && static_cast<std::uint64_t>(unpacked) > max_bytes_)) {
        return stop_too_large();
    }
    return true;
}

void ArchivePass::examine(struct archive_entry* entry) {
    problem_.clear();
    const char* const name = archive_entry_pathname(entry);
    name_ = name ? name : "";
    path_ = name_.size() <= archive_name_max_bytes ? relative_path(name_) : std::nullopt;
    if (path_ && path_->empty() && name_.empty()) path_.reset();
    is_encrypted_ = archive_entry_is_encrypted(entry) != 0;
    const bool is_link = archive_entry_hardlink(entry) || archive_entry_symlink(entry);
    const auto file_type = archive_entry_filetype(entry);
    const bool is_tar =
        (archive_format(reader_.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    declared_bytes_ = is_tar && archive_entry_size(entry) > 0
                          ? static_cast<std::uint64_t>(archive_entry_size(entry))
                          : 0;
    type_ = is_link                 ? Type::special
            : file_type == AE_IFREG ? Type::file
            : file_type == AE_IFDIR ? Type::folder
                                    : Type::special;
}

bool ArchivePass::read(const Sink& sink) {
    std::uint64_t done = 0;
    while (true) {
        context_.check_interrupted();
        const la_ssize_t count = archive_read_data(reader_.get(), buffer_.data(), buffer_.size());
        if (count < 0) {
            problem_ = reason();
            return count == ARCHIVE_FATAL ? stop(End::damaged, problem_) : false;
        }
        if (count == 0) break;
        done += static_cast<std::uint64_t>(count);
        if (!hand_on(ByteView(buffer_).first(static_cast<std::size_t>(count)), sink)) return false;
    }
    return done >= declared_bytes_ || fill_hole(declared_bytes_ - done, sink);
}

bool ArchivePass::hand_on(ByteView bytes, const Sink& sink) {
    bytes_ += bytes.size();
    if (bytes_ > max_bytes_) return stop_too_large();
    context_.progress.advance(bytes.size());
    sink(bytes);
    return true;
}

// libarchive gives the holes of a sparse file as zeros, but not the one at its end.
bool ArchivePass::fill_hole(std::uint64_t bytes, const Sink& sink) {
    std::fill(buffer_.begin(), buffer_.end(), std::uint8_t{0});
    while (bytes > 0) {
        context_.check_interrupted();
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, buffer_.size()));
        if (!hand_on(ByteView(buffer_).first(size), sink)) return false;
        bytes -= size;
    }
    return true;
}

std::string ArchivePass::form() const {
    const int base = archive_format(reader_.get()) & ARCHIVE_FORMAT_BASE_MASK;
    std::string form = base == ARCHIVE_FORMAT_ZIP ? "zip" : "tar";
    for (int i = archive_filter_count(reader_.get()) - 2; i >= 0; --i) {
        form += '+';
        form += archive_filter_name(reader_.get(), i);
    }
    return form;
}

bool ArchivePass::can_skip() const {
    return (archive_format(reader_.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP ||
           archive_filter_count(reader_.get()) == 1;
}

bool ArchivePass::stop_too_large() {
    return stop(End::too_large, "more than " + std::to_string(archive_max_expansion) +
                                    " times its size, or " + std::to_string(archive_max_entries) +
                                    " entries, come out of the archive (expected it unpacked by "
                                    "somebody who knows what is in it)");
}

bool ArchivePass::stop(End end, std::string problem) {
    end_ = end;
    problem_ = std::move(problem);
    return false;
}

std::string ArchivePass::reason() const {
    const char* const text = archive_error_string(reader_.get());
    return text ? text : "no reason given";
}

}  // namespace evidence
