#include "acquisition/tar_entries.h"

#include <algorithm>
#include <cstring>

#include "acquisition/pax_header.h"
#include "acquisition/waiting_entries.h"
#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t read_buffer_bytes = 256 * kib;

using TarRead = std::function<std::size_t(MutableByteView)>;

// The bytes of the tar one after another, with their position.
class TarBytes {
public:
    explicit TarBytes(const TarRead& read) : read_(read), buffer_(read_buffer_bytes) {}

    std::uint64_t position() const { return position_; }

    // At most `limit` next bytes, valid until the next call; empty at the end.
    ByteView next(std::uint64_t limit) {
        if (left_.empty()) left_ = ByteView(buffer_).first(read_(buffer_));
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_.size(), limit));
        const ByteView bytes = left_.first(count);
        left_ = left_.subspan(count);
        position_ += count;
        return bytes;
    }

    // Error(malformed) when the tar ends before.
    std::string exactly(std::size_t count) {
        std::string text;
        text.reserve(count);
        while (text.size() < count) {
            const ByteView bytes = next(count - text.size());
            if (bytes.empty()) throw_cut_short();
            text += as_text(bytes);
        }
        return text;
    }

    // The same, behind what `bytes` holds.
    void append_to(Bytes& bytes, std::uint64_t count) {
        while (count > 0) {
            const ByteView part = next(count);
            if (part.empty()) throw_cut_short();
            bytes.insert(bytes.end(), part.begin(), part.end());
            count -= part.size();
        }
    }

    [[noreturn]] static void throw_cut_short() {
        throw Error(ErrorKind::malformed,
                    "tar is cut short (expected two blocks of zeros at the end)");
    }

private:
    const TarRead& read_;
    Bytes buffer_;
    ByteView left_;
    std::uint64_t position_ = 0;
};

std::size_t padding_of(std::uint64_t size_bytes) {
    return static_cast<std::size_t>((tar_block_bytes - size_bytes % tar_block_bytes) %
                                    tar_block_bytes);
}

// What could make an entry land, or seem to lie, outside the captured folder.
void refuse_unsafe_name(std::string_view name) {
    while (true) {
        const auto slash = name.find('/');
        const std::string_view part = name.substr(0, slash);
        if (part.empty() || part == "." || part == "..") {
            throw Error(ErrorKind::malformed,
                        "unsafe entry name (expected a path relative to the source, without . "
                        "and ..)");
        }
        if (slash == std::string_view::npos) return;
        name.remove_prefix(slash + 1);
    }
}

class TarReading {
public:
    TarReading(const TarRead& read, std::string_view item_id, WaitingEntries& out)
        : bytes_(read), item_id_(item_id), out_(out) {}

    // False at the end marker.
    bool next() {
        std::string block = bytes_.exactly(tar_block_bytes);
        if (all_zero(as_bytes(block))) {
            check_end();
            return false;
        }
        PaxAttributes attributes;
        if (UstarHeader(block).is_extended_header()) {
            attributes = read_attributes(UstarHeader(block));
            block = bytes_.exactly(tar_block_bytes);
        }
        read_entry(UstarHeader(block), attributes);
        return true;
    }

private:
    PaxAttributes read_attributes(const UstarHeader& header) {
        const std::uint64_t size = header.size_bytes({});
        if (size > pax_max_header_bytes) {
            throw Error(ErrorKind::malformed, "extended header too large (expected at most " +
                                                  std::to_string(pax_max_header_bytes) + " bytes)");
        }
        const std::string body = bytes_.exactly(static_cast<std::size_t>(size));
        check_padding(size);
        return parse_pax_attributes(body);
    }

    void read_entry(const UstarHeader& header, const PaxAttributes& attributes) {
        const EntryFacts facts = header.facts(attributes);
        refuse_unsafe_name(facts.name);
        const std::uint64_t size = header.size_bytes(attributes);
        TarEntry entry{entry_record(facts, item_id_), std::nullopt};
        if (facts.type == EntryType::file) return read_file(std::move(entry), size);
        if (size != 0) {
            throw Error(ErrorKind::malformed,
                        "entry without content has a size (expected content only in files)");
        }
        out_.add(std::move(entry));
    }

    void read_file(TarEntry entry, std::uint64_t size) {
        entry.offset_bytes = bytes_.position();
        const bool waits = WaitingEntries::takes(size);
        if (waits) {
            bytes_.append_to(out_.room_for(size), size);
        } else {
            set_content(entry.record, size, hash_content(size));
        }
        check_padding(size);
        waits ? out_.add_file(std::move(entry), size) : out_.add(std::move(entry));
    }

    Sha256 hash_content(std::uint64_t size) {
        while (size > 0) {
            const ByteView part = bytes_.next(size);
            if (part.empty()) TarBytes::throw_cut_short();
            hasher_.update(part);
            size -= part.size();
        }
        return hasher_.finish_sha256();
    }

    void check_padding(std::uint64_t size) {
        if (!all_zero(as_bytes(bytes_.exactly(padding_of(size))))) {
            throw Error(ErrorKind::malformed, "bytes in the padding of an entry (expected zeros)");
        }
    }

    // The second block of the end marker, then nothing but zeros in whole blocks.
    void check_end() {
        if (!all_zero(as_bytes(bytes_.exactly(tar_block_bytes)))) refuse_trailing_bytes();
        for (;;) {
            const ByteView rest = bytes_.next(read_buffer_bytes);
            if (rest.empty()) break;
            if (!all_zero(rest)) refuse_trailing_bytes();
        }
        if (bytes_.position() % tar_block_bytes != 0) TarBytes::throw_cut_short();
    }

    [[noreturn]] static void refuse_trailing_bytes() {
        throw Error(ErrorKind::malformed, "bytes after the last entry (expected only zeros)");
    }

    TarBytes bytes_;
    std::string_view item_id_;
    WaitingEntries& out_;
    Hasher hasher_{Algorithm::sha256};
};

}  // namespace

void read_tar_entries(const std::function<std::size_t(MutableByteView)>& read,
                      std::string_view item_id, std::string_view where,
                      const std::function<void(TarEntry entry)>& sink) {
    std::uint64_t number = 1;
    WaitingEntries out(sink);
    TarReading reading(read, item_id, out);
    try {
        while (reading.next()) ++number;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        out.flush();  // what stands before the fault is handed out
        throw Error(ErrorKind::malformed, "tar is wrong: " + std::string(where) + ", entry " +
                                              std::to_string(number) + ": " + error.message());
    }
    out.flush();
}

}  // namespace evidence
