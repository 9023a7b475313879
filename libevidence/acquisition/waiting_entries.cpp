#include "acquisition/waiting_entries.h"

#include <utility>

#include "acquisition/entry_record.h"
#include "digest/sha256_lanes.h"

namespace evidence {
namespace {

constexpr std::size_t content_max_bytes = 256 * kib;
constexpr std::size_t waiting_max_bytes = 2 * mib;
constexpr std::size_t waiting_max_entries = 1024;

}  // namespace

WaitingEntries::WaitingEntries(const Sink& sink) : sink_(sink) {
    contents_.reserve(waiting_max_bytes);
}

bool WaitingEntries::takes(std::uint64_t size_bytes) { return size_bytes <= content_max_bytes; }

Bytes& WaitingEntries::room_for(std::uint64_t size_bytes) {
    if (contents_.size() + size_bytes > waiting_max_bytes) flush();
    return contents_;
}

void WaitingEntries::add_file(TarEntry entry, std::uint64_t size_bytes) {
    push({std::move(entry), true, static_cast<std::size_t>(size_bytes)});
}

void WaitingEntries::add(TarEntry entry) { push({std::move(entry), false, 0}); }

void WaitingEntries::push(Waiting waiting) {
    entries_.push_back(std::move(waiting));
    if (entries_.size() == waiting_max_entries) flush();
}

void WaitingEntries::flush() {
    // Nothing is handed out twice, whatever `sink` throws.
    std::vector<Waiting> entries = std::exchange(entries_, {});
    std::vector<ByteView> contents;
    std::size_t position = 0;
    for (const Waiting& waiting : entries) {
        if (!waiting.has_content) continue;
        contents.push_back(ByteView(contents_).subspan(position, waiting.content_bytes));
        position += waiting.content_bytes;
    }
    std::vector<Sha256> digests(contents.size());
    sha256_many(contents, digests);
    contents_.clear();
    auto digest = digests.begin();
    for (Waiting& waiting : entries) {
        if (waiting.has_content) {
            set_content(waiting.entry.record, waiting.content_bytes, *digest++);
        }
        sink_(std::move(waiting.entry));
    }
}

}  // namespace evidence
