// What a package says about the content of an entry, measured in one pass; and scratch files that
// are measured while they are written.
//
// Thread rule: each object belongs to one thread at a time.
#pragma once

#include <functional>
#include <string>

#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

struct ContentFacts {
    std::uint64_t size = 0;  // in bytes
    std::uint32_t crc32 = 0;
    Sha256 sha256{};
    bool operator==(const ContentFacts&) const = default;
};

class ContentMeter {
public:
    void update(ByteView bytes);
    ContentFacts finish();  // call once

private:
    ContentFacts facts_;
    Hasher hasher_{Algorithm::sha256};
};

// Hands out the bytes [offset, offset + size) of a file in order, as far as it has them.
void visit_content(const File& file, std::uint64_t offset, std::uint64_t size,
                   const std::function<void(ByteView bytes)>& visitor);

ContentFacts measure(const File& file);  // the whole of it

// An unnamed scratch file: written front to back, then finished, then read.
class Spool {
public:
    explicit Spool(const fs::path& scratch_folder);

    void write(std::string_view text);
    void finish();
    const ContentFacts& facts() const { return facts_; }  // after finish()
    const File& file() const { return file_; }

private:
    void flush();

    File file_;
    std::string buffer_;
    ContentMeter meter_;
    ContentFacts facts_;
};

}  // namespace evidence
