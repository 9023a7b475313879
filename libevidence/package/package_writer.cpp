#include "package/package_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/broadcast.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/merkle_tree.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

// Below this, threads cost more than they save.
constexpr std::uint64_t broadcast_from_bytes = mib;

[[noreturn]] void refuse_changed(std::string_view item, std::string_view file,
                                 const std::string& difference) {
    throw Error(ErrorKind::refused,
                fmt::format("item differs from its acquisition record: {}: {} ({})", item, file,
                            difference),
                "leave the item as it is, find out what changed it, and acquire again if need be");
}

// Computes every digest of the record anew.
class ObjectCheck {
public:
    explicit ObjectCheck(const RecordedObject& facts) : facts_(facts) {
        for (const auto& [algorithm, value] : facts.digests) {
            if (algorithm != Algorithm::sha256) hashers_.emplace_back(algorithm, Hasher(algorithm));
        }
    }

    // Each for a thread of its own. The package's digest goes over the same bytes as the object's,
    // and both in one loop leave the other core of two free for the rest.
    std::vector<BroadcastConsumer> consumers(Sha256Stream& package) {
        std::vector<BroadcastConsumer> consumers;
        if (in_one_loop()) {
            consumers.push_back([this, &package](ByteView bytes, std::uint64_t) {
                Sha256Stream::update_both(sha256_, package, bytes);
            });
        } else {
            consumers.push_back([this](ByteView bytes, std::uint64_t) { sha256_.update(bytes); });
            consumers.push_back([&](ByteView bytes, std::uint64_t) { package.update(bytes); });
        }
        for (auto& [algorithm, hasher] : hashers_) {
            consumers.push_back([&hasher](ByteView bytes, std::uint64_t) { hasher.update(bytes); });
        }
        return consumers;
    }

    std::vector<BroadcastBatchConsumer> batch_consumers() {
        if (!facts_.pieces_root) return {};
        return {{piece_batch_size(), [this](std::span<const ByteView> pieces, std::uint64_t) {
                     hash_pieces(pieces, piece_digests_);
                     for (const Sha256& piece : piece_digests_) {
                         pieces_.add_leaf(merkle_leaf(piece));
                     }
                 }}};
    }

    // Returns the SHA-256.
    Sha256 require_equal(std::string_view item, std::string_view file) {
        const Sha256 sha256 = sha256_.finish();
        require_equal(item, file, Algorithm::sha256, to_hex(sha256));
        for (auto& [algorithm, hasher] : hashers_) {
            require_equal(item, file, algorithm, to_hex(hasher.finish()));
        }
        if (!facts_.pieces_root || pieces_.root() == *facts_.pieces_root) return sha256;
        refuse_changed(item, file,
                       fmt::format("expected pieces_root {}, got {}", to_hex(*facts_.pieces_root),
                                   to_hex(pieces_.root())));
    }

private:
    // Apart they end sooner where there are cores for both, the pieces and the writing.
    static bool in_one_loop() {
        return Sha256Stream::pairs_pay() && std::thread::hardware_concurrency() < 4;
    }

    void require_equal(std::string_view item, std::string_view file, Algorithm algorithm,
                       const std::string& found) const {
        const std::string& expected = facts_.digests.at(algorithm);
        if (found == expected) return;
        refuse_changed(item, file,
                       fmt::format("expected {} {}, got {}", name_of(algorithm), expected, found));
    }

    const RecordedObject& facts_;
    Sha256Stream sha256_;
    std::vector<std::pair<Algorithm, Hasher>> hashers_;  // of the others
    std::vector<Sha256> piece_digests_;                  // of one batch
    MerkleTree pieces_;
};

// Reads an object front to back, never more than its record says.
class ObjectReader {
public:
    ObjectReader(const File& file, std::uint64_t offset, std::uint64_t size, const Context& context)
        : file_(file), offset_(offset), size_(size), context_(context) {}

    std::size_t read(MutableByteView buffer) {
        context_.check_interrupted();
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - position_));
        const std::size_t got = file_.read_at(buffer.first(wanted), offset_ + position_);
        position_ += got;
        context_.progress.advance(got);
        return got;
    }

private:
    const File& file_;
    std::uint64_t offset_, size_;
    const Context& context_;
    std::uint64_t position_ = 0;
};

// Small objects: the same consumers, in turn, on this thread.
std::uint64_t copy_in_turn(ObjectReader& reader, std::uint64_t size,
                           const std::vector<BroadcastConsumer>& consumers) {
    Bytes buffer(static_cast<std::size_t>(size));
    const std::size_t got = reader.read(buffer);
    for (const BroadcastConsumer& consumer : consumers) consumer(ByteView(buffer).first(got), 0);
    return got;
}

}  // namespace

PackageWriter::PackageWriter(ZipWriter::Output output)
    : output_(std::move(output)), zip_([this](ByteView bytes) {
          if (!hashed_elsewhere_) package_hasher_.update(bytes);
          output_(bytes);
      }) {}

void PackageWriter::add(std::string_view name, std::string_view content) {
    zip_.add(name, content);
    list(name, evidence::sha256(content));
}

void PackageWriter::add_file(std::string_view name, const File& file, const ContentFacts& facts,
                             std::uint64_t offset) {
    zip_.begin_entry(name, facts.size, facts.crc32);
    ContentMeter meter;
    visit_content(file, offset, facts.size, [&](ByteView bytes) {
        meter.update(bytes);
        zip_.write(bytes);
    });
    if (meter.finish() != facts) {
        throw Error(ErrorKind::refused, "file changed while it was sealed: " + file.name() +
                                            " (expected sha256 " + to_hex(facts.sha256) + ")");
    }
    zip_.finish_entry();
    list(name, facts.sha256);
}

void PackageWriter::add_object(std::string_view name, const File& file, const RecordedObject& facts,
                               std::string_view item, const Context& context) {
    const std::uint64_t found_size = file.size();
    if (found_size != facts.size_bytes) {
        refuse_changed(item, file.name(),
                       fmt::format("expected {} bytes, got {}", facts.size_bytes, found_size));
    }
    add_object_at(0, name, file, facts, item, context);
}

void PackageWriter::add_object_at(std::uint64_t offset, std::string_view name, const File& file,
                                  const RecordedObject& facts, std::string_view item,
                                  const Context& context) {
    zip_.begin_entry(name, facts.size_bytes, facts.crc32);
    ObjectCheck check(facts);
    ObjectReader reader(file, offset, facts.size_bytes, context);
    std::vector<BroadcastConsumer> consumers = check.consumers(package_hasher_);
    consumers.push_back([this](ByteView bytes, std::uint64_t) { zip_.write(bytes); });
    hashed_elsewhere_ = true;
    const std::uint64_t copied =
        facts.size_bytes <= broadcast_from_bytes
            ? copy_in_turn(reader, facts.size_bytes, consumers)
            : broadcast([&reader](MutableByteView buffer) { return reader.read(buffer); },
                        std::move(consumers), {}, check.batch_consumers());
    hashed_elsewhere_ = false;
    if (copied != facts.size_bytes) {
        refuse_changed(item, file.name(),
                       fmt::format("expected {} bytes, got {}", facts.size_bytes, copied));
    }
    const Sha256 sha256 = check.require_equal(item, file.name());
    zip_.finish_entry();
    list(name, sha256);
}

void PackageWriter::finish() {
    size_bytes_ = zip_.finish();
    sha256_ = package_hasher_.finish();
}

const Sha256& PackageWriter::digest_of(std::string_view name) const {
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&](const ListedFile& file) { return file.name == name; });
    if (found == files_.end()) {
        throw Error(ErrorKind::usage,
                    "no such entry yet: " + std::string(name) + " (expected one written before)");
    }
    return found->sha256;
}

void PackageWriter::list(std::string_view name, const Sha256& sha256) {
    files_.push_back({std::string(name), sha256});
}

}  // namespace evidence
