// Records an object as an Expert Witness (E01) set: the content is hashed, packed and written in
// one pass; then the files of the set are measured, and the content is read out of them again, by a
// decoder of our own, and compared piece by piece.
//
// Such an object cannot be gone on with: libewf begins a set anew.
//
// Thread rule: as Recorder.
#pragma once

#include "acquisition/ewf_writer.h"
#include "acquisition/piece_recorder.h"
#include "acquisition/recorder.h"
#include "digest/parallel_digests.h"

namespace evidence {

class EwfRecorder : public Recorder {
public:
    // `algorithms` hold sha256. MD5 and SHA-1 are computed besides, for they go into the set.
    // The same set is written to `second_folder`, in the same pass.
    EwfRecorder(const EwfOptions& options, std::optional<fs::path> second_folder,
                std::vector<Algorithm> algorithms, const Context& context);

    std::vector<BroadcastConsumer> consumers() override;
    std::vector<BroadcastBatchConsumer> batch_consumers() override;
    std::uint64_t durable_bytes() const override { return 0; }
    void salvage() override {}
    ObjectFacts finish(std::uint64_t size_bytes, const BadRanges& unread) override;
    void read_back(const ObjectFacts& facts, const Context& context) const override;

private:
    fs::path folder_;
    std::optional<fs::path> second_folder_;
    const Context& context_;
    EwfWriter writer_;
    PieceRecorder pieces_;  // of the content
    File content_pieces_;   // their list, without a name; not open when there is one piece only
    ParallelDigests digests_;
};

}  // namespace evidence
