#include "package/object_region.h"

#include <fmt/format.h>

#include <algorithm>

#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/crc32.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::size_t digest_digits = 64;

// Takes the bytes of an object in order and comes to what a record says about it.
class ObjectMeter {
public:
    explicit ObjectMeter(PieceHasher::Sink sink) : pieces_(std::move(sink)) {}

    void update(ByteView bytes) {
        hasher_.update(bytes);
        pieces_.update(bytes);
        facts_.crc32 = crc32(facts_.crc32, bytes);
        facts_.size_bytes += bytes.size();
    }
    RecordedObject finish() {
        pieces_.finish();
        facts_.digests[Algorithm::sha256] = to_hex(hasher_.finish_sha256());
        if (facts_.size_bytes > piece_bytes) facts_.pieces_root = pieces_.root();
        return facts_;
    }

private:
    RecordedObject facts_;
    Hasher hasher_{Algorithm::sha256};
    PieceHasher pieces_;
};

}  // namespace

void require_piece_list(const File& file, const ZipEntry& list, const RecordedObject& whole) {
    LineReader lines =
        LineReader::of_file(file, list.data_offset(), list.size, list.name, digest_digits);
    MerkleTree tree;
    while (const auto line = lines.next()) {
        const std::optional<Bytes> digest = from_hex(*line);
        if (!digest || line->size() != digest_digits) {
            throw Error(ErrorKind::malformed, list.name + " is no list of pieces");
        }
        tree.add_leaf(merkle_leaf(*digest));
    }
    if (whole.pieces_root && tree.root() == *whole.pieces_root) return;
    throw Error(ErrorKind::malformed, list.name + " is not what the record says");
}

RegionFacts read_region(const File& file, const ZipEntry& object, const ZipEntry& list,
                        ByteRange range, const Context& context) {
    RegionFacts region;
    region.list_offset = list.data_offset() + range.first / piece_bytes * pieces_line_bytes;
    std::uint64_t at = region.list_offset;
    ContentMeter lines;
    ObjectMeter meter([&](const Sha256& piece) {
        std::string line(pieces_line_bytes, '\0');
        file.read_exactly_at({reinterpret_cast<std::uint8_t*>(line.data()), line.size()}, at);
        if (line != to_hex(piece) + "\n") {
            throw Error(ErrorKind::malformed, object.name + " differs from its list of pieces");
        }
        lines.update(as_bytes(line));
        at += line.size();
    });
    if (range.end > object.size) throw Error(ErrorKind::malformed, object.name + " is too short");
    visit_content(file, object.data_offset() + range.first, range.end - range.first,
                  [&](ByteView bytes) {
                      context.check_interrupted();
                      meter.update(bytes);
                  });
    region.facts = meter.finish();
    region.list = lines.finish();
    return region;
}

RecordedObject measure_object(const File& file, Spool& pieces, const Context& context) {
    ObjectMeter meter([&pieces](const Sha256& piece) { pieces.write(to_hex(piece) + "\n"); });
    visit_content(file, 0, file.size(), [&](ByteView bytes) {
        context.check_interrupted();
        meter.update(bytes);
    });
    const RecordedObject facts = meter.finish();
    pieces.finish();
    return facts;
}

}  // namespace evidence
