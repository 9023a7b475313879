// Memory at the start of a page, as reads and writes past the page cache want it.
//
// Thread rule: belongs to one thread; what is in it may be shared.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>

#include "base/bytes.h"

namespace evidence {

class AlignedBuffer {
public:
    static constexpr std::size_t alignment = 4096;

    // Whole pages. std::bad_alloc.
    explicit AlignedBuffer(std::size_t size_bytes)
        : memory_(static_cast<std::uint8_t*>(std::aligned_alloc(alignment, size_bytes))),
          size_bytes_(size_bytes) {
        if (!memory_) throw std::bad_alloc();
    }

    std::uint8_t* data() { return memory_.get(); }
    MutableByteView view() { return {memory_.get(), size_bytes_}; }

private:
    struct Free {
        void operator()(std::uint8_t* memory) const { std::free(memory); }
    };
    std::unique_ptr<std::uint8_t, Free> memory_;
    std::size_t size_bytes_;
};

}  // namespace evidence
