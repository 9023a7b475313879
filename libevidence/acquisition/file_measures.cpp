#include "acquisition/file_measures.h"

#include "acquisition/line_file.h"
#include "base/broadcast.h"
#include "base/hex.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

class Measuring {
public:
    Measuring(fs::path pieces, const Context& context)
        : pieces_(std::move(pieces)), context_(context) {}

    void measure(const fs::path& path) {
        File file = File::open_regular(path);
        Hasher sha256(Algorithm::sha256);
        PieceBatchHasher pieces([this](const Sha256& piece) { add_piece(piece); });
        SegmentFacts facts;
        facts.size_bytes = broadcast(
            [&](MutableByteView buffer) {
                context_.check_interrupted();
                const std::size_t count = file.read_some(buffer);
                context_.progress.advance(count);
                return count;
            },
            {[&](ByteView bytes, std::uint64_t) { sha256.update(bytes); }}, {},
            {{piece_batch_size(),
              [&](std::span<const ByteView> batch, std::uint64_t) { pieces.update(batch); }}});
        if (facts.size_bytes == 0) add_piece(evidence::sha256(ByteView()));
        facts.digests[Algorithm::sha256] = to_hex(sha256.finish_sha256());
        facts.crc32 = pieces.crc32();
        if (facts.size_bytes > piece_bytes) facts.pieces_root = pieces.root();
        result_.files.push_back(std::move(facts));
    }

    FileMeasures finish() {
        if (tree_.size() > 1) {
            result_.pieces_root = tree_.root();
            lines_->finish();
        }
        return std::move(result_);
    }

private:
    // One piece alone needs no list.
    void add_piece(const Sha256& piece) {
        tree_.add_leaf(merkle_leaf(piece));
        if (tree_.size() == 1) {
            first_ = to_hex(piece);
            return;
        }
        if (!lines_) {
            lines_.emplace(pieces_);
            lines_->add(first_);
        }
        lines_->add(to_hex(piece));
    }

    fs::path pieces_;
    const Context& context_;
    FileMeasures result_;
    MerkleTree tree_;
    std::string first_;
    std::optional<LineFile> lines_;
};

}  // namespace

FileMeasures measure_files(const fs::path& folder, const std::vector<std::string>& names,
                           const fs::path& pieces, const Context& context) {
    std::uint64_t total = 0;
    for (const std::string& name : names) total += File::open_regular(folder / name).size();
    context.progress.start("measuring what was written", total);
    Measuring measuring(pieces, context);
    for (const std::string& name : names) measuring.measure(folder / name);
    context.progress.finish();
    return measuring.finish();
}

}  // namespace evidence
