#include "acquisition/segment_recorder.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/crc32.h"
#include "digest/merkle_tree.h"
#include "digest/pieces.h"

namespace evidence {

void SegmentRecorder::add(ByteView bytes, std::uint64_t offset) {
    if (layout_.segment_at(offset) != segments_.size()) end_segment();
    hasher_.update(bytes);
    current_.crc32 = crc32(current_.crc32, bytes);
    current_.size_bytes += bytes.size();
}

void SegmentRecorder::end_segment() {
    current_.digests[Algorithm::sha256] = to_hex(hasher_.finish_sha256());
    segments_.push_back(std::move(current_));
    current_ = {};
}

std::vector<SegmentFacts> SegmentRecorder::finish() {
    end_segment();
    return std::move(segments_);
}

void set_piece_roots(std::vector<SegmentFacts>& segments, const fs::path& pieces) {
    const File file = File::open_regular(pieces);
    LineReader lines = LineReader::of_file(file, 0, file.size(), pieces.native(), 64);
    for (SegmentFacts& segment : segments) {
        MerkleTree tree;
        for (std::uint64_t i = 0; i < segment.pieces(); ++i) {
            const auto line = lines.next();
            const auto digest = line ? from_hex(*line) : std::nullopt;
            if (!digest || digest->size() != sizeof(Sha256)) {
                throw Error(ErrorKind::malformed, "not a list of pieces: " + pieces.native() +
                                                      " (expected one digest per line)");
            }
            tree.add_leaf(merkle_leaf(*digest));
        }
        if (segment.size_bytes > piece_bytes) segment.pieces_root = tree.root();
    }
}

}  // namespace evidence
