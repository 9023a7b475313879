// A list in memory, read as a file would be.
#pragma once

#include <algorithm>
#include <string>

#include "digest/list_reader.h"

namespace evidence::test {

class ListText {
public:
    explicit ListText(std::string text, const ListReading& reading = default_reading(),
                      std::string name = "list")
        : text_(std::move(text)),
          lines_([this](MutableByteView buffer) { return read(buffer); }, std::move(name),
                 hash_list_max_line_bytes),
          reader_(lines_, reading) {}

    static ListReading default_reading() {
        return {std::nullopt, {Algorithm::md5, Algorithm::sha1, Algorithm::sha256}, false};
    }

    ListReader& reader() { return reader_; }

    std::vector<HashListFile> files;
    std::vector<std::uint64_t> problems;  // lines
    ListText& read_all() {
        while (const auto entry = reader_.next()) {
            if (const auto* file = std::get_if<HashListFile>(&*entry)) {
                files.push_back(*file);
            } else {
                problems.push_back(std::get<ListProblem>(*entry).line);
            }
        }
        return *this;
    }

private:
    std::size_t read(MutableByteView buffer) {
        const std::size_t count = std::min(buffer.size(), text_.size() - at_);
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, buffer.begin());
        at_ += count;
        return count;
    }

    std::string text_;
    std::size_t at_ = 0;
    LineReader lines_;
    ListReader reader_;
};

}  // namespace evidence::test
