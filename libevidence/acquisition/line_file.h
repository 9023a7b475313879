// A new text file written line by line, with its SHA-256: piece lists, indexes, omissions.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

class LineFile {
public:
    explicit LineFile(const fs::path& path) : file_(File::create_new(path)) {}

    // `line` without its newline.
    void add(std::string_view line);
    // Makes the lines so far durable.
    void sync();
    // Makes the file durable and returns its SHA-256 in hex. To be called once, at the end.
    std::string finish();

private:
    void flush();

    File file_;
    std::string buffer_;
    std::uint64_t written_bytes_ = 0;  // before the buffer
    Hasher hasher_{Algorithm::sha256};
};

}  // namespace evidence
