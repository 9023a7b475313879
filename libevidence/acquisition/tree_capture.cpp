#include "acquisition/tree_capture.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "acquisition/disk_metadata.h"
#include "acquisition/hard_links.h"
#include "acquisition/tar_writer.h"
#include "base/error.h"
#include "base/sorted_walk.h"

namespace evidence {
namespace {

constexpr std::size_t content_buffer_bytes = mib;
constexpr std::string_view other_file_system = "one file system";
constexpr std::string_view no_sockets = "a tar cannot hold sockets";

int open_file(const EntryPlace& place) {
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const int fd = ::openat(place.folder_fd, place.name, flags | O_NOATIME);
    return fd >= 0 || errno != EPERM ? fd : ::openat(place.folder_fd, place.name, flags);
}

FileTime mtime_of(const struct stat& status) {
    return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

bool same_time(const struct timespec& a, const struct timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Walks the source and feeds the tar; the rest happens behind the BroadcastWriter.
class TreeWalk : public TreeVisitor {
public:
    TreeWalk(const Source& source, const TreeRequest& request, BroadcastWriter& output,
             FreeSpaceWatch& room, const Context& context)
        : source_(source),
          request_(request),
          room_(room),
          context_(context),
          tar_([&output](ByteView bytes) { output.write(bytes); }),
          index_(request.folder / "index.jsonl"),
          omissions_(request.folder / "omitted.jsonl"),
          selector_(request.selection),
          links_(context.scratch_folder),
          entry_(archive_entry_new()),
          buffer_(content_buffer_bytes) {
        if (!entry_) throw std::bad_alloc();
    }

    Descend visit(const WalkEntry& entry) override {
        context_.check_interrupted();
        const bool is_folder = entry.type == WalkType::folder;
        const Selector::Decision decision = selector_.decide(entry.path, is_folder);
        if (decision.answer == Selector::Answer::leave) {
            omissions_.exclude(entry.path, decision.rule, Omissions::Exclusion::asked_for);
            return Descend::no;
        }
        if (leaves_file_system(*entry.status)) {
            omissions_.exclude(entry.path, other_file_system);
            return Descend::no;
        }
        switch (entry.type) {
            case WalkType::file:
                capture_file(entry);
                break;
            case WalkType::symlink:
                capture_symlink(entry);
                break;
            case WalkType::folder:
                last_folder_ = entry.path;
                capture_plain(entry);
                break;
            case WalkType::other:
                if (S_ISSOCK(entry.status->st_mode)) {
                    omissions_.exclude(entry.path, no_sockets);
                } else {
                    capture_plain(entry);
                }
                break;
        }
        return Descend::yes;
    }

    void unreadable(std::string_view path, int error_number) override {
        if (path.empty()) throw_system_error(error_number, "cannot list", source_.path);
        if (path == last_folder_) {
            omissions_.fail_part(path, "list", error_number);
        } else {
            omissions_.fail(path, error_number);
        }
    }

    // The end of tar, index and omissions.
    void finish(TreeCapture& result) {
        tar_.finish();
        selector_.for_each_missing(
            [this](std::string_view name) { omissions_.fail(name, ENOENT, "listed, not there"); });
        result.index_sha256 = index_.finish();
        result.account = omissions_.finish();
        if (links_forgotten_ > 0) {
            result.warnings.push_back(
                "too many files with several names: the names after the first of " +
                std::to_string(links_forgotten_) + " files are stored as files of their own");
        }
    }

private:
    bool leaves_file_system(const struct stat& status) const {
        return request_.file_systems == FileSystems::only_that_of_the_source &&
               status.st_dev != source_.status.st_dev;
    }

    // Folders, FIFOs and devices: recorded, not read.
    void capture_plain(const WalkEntry& entry) {
        const EntryPlace place{entry.folder_fd, entry.name, -1};
        EntryFacts facts = entry_facts(place, *entry.status);
        facts.name = entry.path;
        if (begin_entry(facts, place, *entry.status)) add_to_index(entry_record(facts, item()));
    }

    void capture_symlink(const WalkEntry& entry) {
        std::string target(PATH_MAX, '\0');
        const ssize_t size =
            ::readlinkat(entry.folder_fd, entry.name, target.data(), target.size());
        if (size < 0) return omissions_.fail(entry.path, errno);
        target.resize(static_cast<std::size_t>(size));
        const EntryPlace place{entry.folder_fd, entry.name, -1};
        EntryFacts facts = entry_facts(place, *entry.status);
        facts.name = entry.path;
        facts.target = std::move(target);
        if (begin_entry(facts, place, *entry.status)) add_to_index(entry_record(facts, item()));
    }

    void capture_file(const WalkEntry& entry) {
        EntryPlace place{entry.folder_fd, entry.name, -1};
        const int fd = open_file(place);
        if (fd < 0) return omissions_.fail(entry.path, errno);
        const File file = File::adopt(fd, std::string(entry.path));
        place.fd = fd;
        struct stat status {};
        if (::fstat(fd, &status) != 0) return omissions_.fail(entry.path, errno);
        if (!S_ISREG(status.st_mode)) return omissions_.fail(entry.path, ESTALE, "type changed");
        EntryFacts facts = entry_facts(place, status);
        facts.name = entry.path;
        if (status.st_nlink > 1 && capture_further_name(facts, place, status)) return;
        capture_content(file, facts, place, status);
    }

    // A hard link to a file that is in the tar already.
    bool capture_further_name(EntryFacts facts, const EntryPlace& place,
                              const struct stat& status) {
        const auto first = links_.find(status.st_dev, status.st_ino);
        if (!first) return false;
        facts.type = EntryType::hardlink;
        facts.target = *first;
        if (begin_entry(facts, place, status)) add_to_index(entry_record(facts, item()));
        return true;
    }

    void capture_content(const File& file, const EntryFacts& facts, const EntryPlace& place,
                         const struct stat& status) {
        const auto size = static_cast<std::uint64_t>(status.st_size);
        ContentReader content(file, status);
        // The first part before the header, so that an unreadable file leaves no trace in the tar.
        // One byte more than there should be shows a file that grows or lies about its size.
        ContentReader::Result part = content.read(room_for(size + 1));
        if (part.error_number != 0) return omissions_.fail(facts.name, part.error_number);
        const auto offset = begin_entry(facts, place, status);
        if (!offset) return;
        if (status.st_nlink > 1 && !links_.remember(status.st_dev, status.st_ino, facts.name)) {
            ++links_forgotten_;
        }
        std::uint64_t done = 0;
        while (done < size && part.bytes > 0) {
            done += take(part.bytes, size - done);
            if (part.error_number != 0) break;
            context_.check_interrupted();
            part = content.read(room_for(size + 1 - done));
        }
        if (part.error_number != 0) {
            omissions_.fail_part(facts.name, "content", part.error_number, {}, done);
        }
        pad(size - done);
        Json record = entry_record(facts, item());
        set_content(record, size, hasher_.finish_sha256());
        note_change(file, facts, status, content.position(), part.error_number, record);
        add_to_index(std::move(record), *offset);
    }

    MutableByteView room_for(std::uint64_t size) {
        return MutableByteView(buffer_).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer_.size())));
    }

    // The first `count` bytes of the buffer, cut at what the header announced.
    std::uint64_t take(std::size_t count, std::uint64_t announced) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, announced));
        const ByteView bytes = ByteView(buffer_).first(size);
        hasher_.update(bytes);
        tar_.content(bytes);
        context_.progress.advance(size);
        captured_bytes_ += size;
        room_.look(captured_bytes_);
        return size;
    }

    void pad(std::uint64_t size) {
        if (size == 0) return;
        std::fill(buffer_.begin(), buffer_.end(), std::uint8_t{0});
        while (size > 0) size -= take(buffer_.size(), size);
    }

    void note_change(const File& file, const EntryFacts& facts, const struct stat& before,
                     std::uint64_t read_bytes, int error_number, Json& record) {
        struct stat after {};
        if (::fstat(file.fd(), &after) != 0) after = before;
        const auto size_before = static_cast<std::uint64_t>(before.st_size);
        const auto size_after = static_cast<std::uint64_t>(after.st_size);
        const bool other_length = error_number == 0 && read_bytes != size_before;
        if (size_before == size_after && !other_length &&
            same_time(before.st_mtim, after.st_mtim) && same_time(before.st_ctim, after.st_ctim)) {
            return;
        }
        const std::uint64_t found =
            size_after == size_before && other_length ? read_bytes : size_after;
        omissions_.change(facts.name, {size_before, found, mtime_of(before), mtime_of(after)});
        record.set("changed", Json::object({{"size_after", found}, {"size_before", size_before}}));
    }

    // Writes the header; nullopt when a tar cannot hold the entry, which is then listed.
    std::optional<std::uint64_t> begin_entry(const EntryFacts& facts, const EntryPlace& place,
                                             const struct stat& status) {
        archive_entry_clear(entry_.get());
        const DiskMetadata::Problem problem = metadata_.copy(*entry_, place, status);
        apply_facts(*entry_, facts);
        const auto offset = tar_.begin_entry(*entry_);
        if (!offset) {
            omissions_.fail(facts.name, EINVAL, tar_.refusal());
            return std::nullopt;
        }
        if (problem.error_number != 0) {
            omissions_.fail_part(facts.name, "metadata", problem.error_number, problem.rule);
        }
        omissions_.count_collected();
        return offset;
    }

    void add_to_index(Json record, std::optional<std::uint64_t> offset = {}) {
        Json at = Json::object({});
        if (offset) at.set("offset_bytes", *offset);
        index_.add(canonical(Json::object({{"at", std::move(at)}, {"record", std::move(record)}})));
    }

    std::string_view item() const { return request_.item_id; }

    const Source& source_;
    const TreeRequest& request_;
    FreeSpaceWatch& room_;
    const Context& context_;
    const ArchiveLocale locale_;
    TarWriter tar_;
    LineFile index_;
    Omissions omissions_;
    Selector selector_;
    HardLinks links_;
    DiskMetadata metadata_;
    ArchiveEntry entry_;
    Hasher hasher_{Algorithm::sha256};
    Bytes buffer_;
    std::string last_folder_;
    std::uint64_t links_forgotten_ = 0, captured_bytes_ = 0;
};

}  // namespace

TreeCapture capture_tree(const Source& source, const TreeRequest& request, Recorder& recorder,
                         FreeSpaceWatch& room, const Context& context) {
    context.progress.start("capturing " + source.path, std::nullopt);
    TreeCapture result;
    BroadcastWriter output(recorder.consumers(), recorder.batch_consumers());
    TreeWalk walk(source, request, output, room, context);
    sorted_walk(source.file.fd(), WalkDetail::status, walk);
    walk.finish(result);
    result.object = recorder.finish(output.finish(), {});
    context.progress.finish();
    return result;
}

}  // namespace evidence
