// Everything that happens to an object's bytes on their way into an item, in one pass: written, to
// a second place too when asked, read back behind the writer, hashed with each algorithm, cut into
// pieces, CRC-32.
//
// Thread rule: as Recorder.
#pragma once

#include <list>
#include <optional>
#include <vector>

#include "acquisition/piece_recorder.h"
#include "acquisition/read_behind.h"
#include "acquisition/recorder.h"
#include "acquisition/segment_recorder.h"
#include "acquisition/segmented_writer.h"
#include "digest/parallel_digests.h"

namespace evidence {

enum class ReadBack { no, yes };

class ObjectRecorder : public Recorder {
public:
    struct Plan {
        fs::path folder;
        std::optional<fs::path> second_folder;  // gets the same object
        ObjectLayout layout;
        std::vector<Algorithm> algorithms;  // sha256 among them
        std::optional<std::uint64_t> preallocate_bytes;
        // Goes on with the object behind these, whole pieces that were compared.
        std::uint64_t keep_bytes = 0;
        // Object and pieces become durable from time to time, first after so many bytes.
        std::optional<std::uint64_t> checkpoint_bytes;
        ReadBack read_back = ReadBack::yes;
    };
    explicit ObjectRecorder(const Plan& plan);

    std::vector<BroadcastConsumer> consumers() override;
    std::vector<BroadcastBatchConsumer> batch_consumers() override;
    std::uint64_t durable_bytes() const override;
    void salvage() override;
    ObjectFacts finish(std::uint64_t size_bytes, const BadRanges& unread = {}) override;
    void read_back(const ObjectFacts& facts, const Context& context) const override;

private:
    // One place that the object is written to.
    struct Copy {
        explicit Copy(SegmentedWriter::Plan plan) : writer(std::move(plan)) {}
        SegmentedWriter writer;
        std::optional<ReadBehind> read_behind;
    };
    void add_copy(const Plan& plan, const fs::path& folder);

    ObjectLayout layout_;
    fs::path pieces_path_;
    std::list<Copy> copies_;
    PieceRecorder pieces_;
    std::optional<SegmentRecorder> segments_;
    ParallelDigests digests_;
};

}  // namespace evidence
