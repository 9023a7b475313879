// The made-up device of a drill: a file that answers reads as a failing disk does.
//
// Thread rule: belongs to one thread.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/positioned_reader.h"

namespace evidence {

class DrillDevice : public PositionedReader {
public:
    explicit DrillDevice(const fs::path& disk) : file_(File::open_regular(disk)), reads_(file_) {}

    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override;

    std::vector<BadRange> bad;           // a read that touches one fails with its error number
    std::vector<BadRange> bad_for_once;  // the same, until it has failed
    std::size_t longest_answer = std::numeric_limits<std::size_t>::max();
    std::uint64_t ends_at = std::numeric_limits<std::uint64_t>::max();
    // Called once a read gets as far as `calls_at`.
    std::uint64_t calls_at = std::numeric_limits<std::uint64_t>::max();
    std::function<void()> on_call;

private:
    File file_;
    FileReader reads_;
};

}  // namespace evidence
