// Reads that are given up when they take too long: a device that hangs must not hang the tool.
//
// A read that the kernel does not answer cannot be called back, and a process cannot end while one
// of its threads waits for it. So it happens in a process of its own, which is left behind.
//
// Thread rule: belongs to one thread.
#pragma once

#include <chrono>
#include <memory>

#include "acquisition/positioned_reader.h"

namespace evidence {

inline constexpr unsigned max_hung_reads = 64;

class TimedReader : public PositionedReader {
public:
    // `file` may be closed before the reader is done. Error(io) when no descriptor is left.
    TimedReader(const File& file, std::chrono::milliseconds limit);
    ~TimedReader() override;
    TimedReader(const TimedReader&) = delete;
    TimedReader& operator=(const TimedReader&) = delete;

    // At most 1 MiB. -ETIMEDOUT when the read took too long; after max_hung_reads of these -ENODEV
    // at once: this device does not answer. -EAGAIN when no process could be made.
    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override;

private:
    class Worker;

    File file_;  // a descriptor of its own
    std::chrono::milliseconds limit_;
    unsigned hung_reads_ = 0;
    std::unique_ptr<Worker> worker_;
};

}  // namespace evidence
