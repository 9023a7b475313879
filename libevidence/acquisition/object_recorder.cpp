#include "acquisition/object_recorder.h"

#include <algorithm>
#include <exception>

#include "acquisition/read_back.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

// Buffers of 1 MiB written at a time: fewer, larger requests leave more of the processors to the
// digests, most of all where a virtual disk is served by the same ones.
constexpr std::size_t write_batch = 8;

}  // namespace

ObjectRecorder::ObjectRecorder(const Plan& plan)
    : layout_(plan.layout),
      pieces_path_(plan.folder / pieces_file_name),
      pieces_(pieces_path_),
      digests_(plan.algorithms) {
    add_copy(plan, plan.folder);
    if (plan.second_folder) add_copy(plan, *plan.second_folder);
    if (plan.checkpoint_bytes) pieces_.sync_after(*plan.checkpoint_bytes);
    if (layout_.segment_bytes) segments_.emplace(layout_);
}

void ObjectRecorder::add_copy(const Plan& plan, const fs::path& folder) {
    copies_.emplace_back(SegmentedWriter::Plan{folder, plan.layout, plan.preallocate_bytes,
                                               plan.keep_bytes, plan.checkpoint_bytes});
    if (plan.read_back == ReadBack::yes) {
        copies_.back().read_behind.emplace(folder, plan.layout, plan.keep_bytes);
    }
}

std::vector<BroadcastConsumer> ObjectRecorder::consumers() {
    std::vector<BroadcastConsumer> all = digests_.consumers();
    if (segments_) {
        all.push_back(
            [this](ByteView bytes, std::uint64_t offset) { segments_->add(bytes, offset); });
    }
    return all;
}

std::vector<BroadcastBatchConsumer> ObjectRecorder::batch_consumers() {
    std::vector<BroadcastBatchConsumer> all = {
        {piece_batch_size(),
         [this](std::span<const ByteView> pieces, std::uint64_t) { pieces_.add(pieces); }}};
    for (Copy& copy : copies_) {
        const std::size_t writer = all.size();
        all.push_back(
            {write_batch, [&copy](std::span<const ByteView> buffers, std::uint64_t offset) {
                 copy.writer.write(buffers, offset);
             }});
        if (!copy.read_behind) continue;
        all.push_back({ReadBehind::batch,
                       [&copy](std::span<const ByteView> buffers, std::uint64_t offset) {
                           copy.read_behind->compare(buffers, offset);
                       },
                       writer});
    }
    return all;
}

std::uint64_t ObjectRecorder::durable_bytes() const {
    std::uint64_t durable = pieces_.durable_bytes();
    for (const Copy& copy : copies_) durable = std::min(durable, copy.writer.durable_bytes());
    return durable / piece_bytes * piece_bytes;
}

void ObjectRecorder::salvage() {
    std::exception_ptr failure;
    const auto attempt = [&failure](const auto& act) {
        try {
            act();
        } catch (...) {
            failure = std::current_exception();  // the others may still be saved
        }
    };
    for (Copy& copy : copies_) attempt([&copy] { copy.writer.salvage(); });
    attempt([this] { pieces_.sync(); });
    if (failure) std::rethrow_exception(failure);
}

ObjectFacts ObjectRecorder::finish(std::uint64_t size_bytes, const BadRanges&) {
    for (Copy& copy : copies_) copy.writer.finish(size_bytes);
    pieces_.finish();
    ObjectFacts facts{size_bytes, digests_.finish(), pieces_.crc32(), pieces_.pieces_root(),
                      {},         pieces_.zeros()};
    if (segments_) facts.segments = segments_->finish();
    if (facts.pieces_root) set_piece_roots(facts.segments, pieces_path_);
    return facts;
}

void ObjectRecorder::read_back(const ObjectFacts& facts, const Context& context) const {
    for (const Copy& copy : copies_) {
        if (!copy.read_behind) continue;
        evidence::read_back({copy.writer.folder(), layout_, facts.size_bytes, pieces_path_,
                             facts.pieces_root ? "" : facts.digests.at(Algorithm::sha256),
                             copy.read_behind->compared_bytes()},
                            context);
    }
}

}  // namespace evidence
