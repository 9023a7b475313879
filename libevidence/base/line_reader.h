// Lines of a large text, one at a time, with a limit on their length.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"

namespace evidence {

class LineReader {
public:
    // Fills the buffer with the next bytes of the text; 0 at its end.
    using Source = std::function<std::size_t(MutableByteView buffer)>;

    LineReader(Source source, std::string name, std::size_t max_line_bytes);

    // The bytes [offset, offset + size) of a file, which must outlive the reader. Error(malformed)
    // from next() when the file ends before.
    static LineReader of_file(const File& file, std::uint64_t offset, std::uint64_t size,
                              std::string name, std::size_t max_line_bytes);

    // The next line without its newline, valid until the next call; nullopt at the end.
    // Error(malformed) for a line over the limit. A last line without newline is returned, and
    // ended_without_newline() is true after it.
    std::optional<std::string_view> next();

    std::uint64_t line_number() const { return line_number_; }  // of the last line, from 1
    bool ended_without_newline() const { return ended_without_newline_; }
    const std::string& name() const { return name_; }

private:
    bool refill();

    Source source_;
    std::string name_;
    std::size_t max_line_bytes_;
    std::string buffer_;
    std::size_t position_ = 0;
    std::uint64_t line_number_ = 0;
    bool at_end_ = false;
    bool ended_without_newline_ = false;
};

}  // namespace evidence
