// A batch of files of one folder on their way through a HashQueue: names and results in memory that
// is used again for the next batch.
//
// Thread rule: filled by one thread, then its files are worked on by any, each by one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "digest/file_hasher.h"
#include "digest/hash_queue.h"
#include "digest/lane_files.h"

namespace evidence {

class HashBatch {
public:
    // Where the content is found.
    enum class Source {
        path,    // the whole name, from the working folder; links are followed
        entry,   // the last part of the name, in the batch's folder; a link is no file
        stream,  // an open descriptor
        none,    // the outcome is known already
    };

    struct File {
        std::size_t name_at, name_bytes, remark_bytes;
        std::size_t entry_bytes = 0;  // of the last part of the name
        Source source = Source::none;
        int fd = -1;
        AlgorithmSet algorithms;
        FileOutcome outcome = FileOutcome::hashed;
        int error_number = 0;
        FileDigests digests;
    };

    void clear();
    bool is_full() const;
    bool is_empty() const { return files_.empty(); }

    File& add(std::string_view name, std::string_view remark);

    // The folder of entries, and its path to tell it from others. Returns 0 or an errno.
    int set_folder(int fd, std::string_view path);
    bool is_in(std::string_view path) const { return folder_.is_open() && folder_path_ == path; }

    std::vector<File>& files() { return files_; }
    HashedFile result(const File& file) const;

    // Opens, digests and closes one file of the batch; every failure of the file is its outcome. A
    // small one may be left in `lanes`; when they are empty afterwards, all that were left there
    // are done too.
    void work_on(File& file, FileHasher& hasher, LaneFiles& lanes) const;

private:
    void digest(int fd, std::optional<std::uint64_t> expected_bytes, File& file, FileHasher& hasher,
                LaneFiles& lanes) const;
    evidence::File open(const File& file, int& error_number) const;

    std::string text_;  // names and remarks, each ended by a zero byte
    std::vector<File> files_;
    evidence::File folder_;
    std::string folder_path_;
};

}  // namespace evidence
