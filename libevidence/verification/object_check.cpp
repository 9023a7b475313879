#include "verification/object_check.h"

#include <algorithm>

#include "base/broadcast.h"
#include "base/hex.h"
#include "digest/piece_batch.h"
#include "verification/piece_check.h"
#include "verification/quick_object_check.h"
#include "verification/tree_check.h"

namespace evidence {
namespace {

// What one pass over an object computes.
struct ObjectPass {
    Sha256 sha256{};
    DigestSet other_digests;
    std::uint32_t crc32 = 0;
    Sha256 pieces_root{};
};

ObjectPass read_object(PackageCheck& check, const ZipEntry& entry,
                       const std::vector<Algorithm>& other_algorithms, PieceCheck& pieces,
                       TreeCheck* tree, MultiHasher* medium) {
    ObjectPass pass;
    Hasher sha256(Algorithm::sha256);
    MultiHasher others(other_algorithms);
    PieceBatchHasher piece_hasher([&pieces](const Sha256& piece) { pieces.add(piece); });
    std::vector<BroadcastConsumer> consumers = {
        [&](ByteView bytes, std::uint64_t) { sha256.update(bytes); }};
    const BroadcastBatchConsumer piece_consumer = {
        piece_batch_size(),
        [&](std::span<const ByteView> buffers, std::uint64_t) { piece_hasher.update(buffers); }};
    if (!other_algorithms.empty()) {
        consumers.push_back([&](ByteView bytes, std::uint64_t) { others.update(bytes); });
    }
    if (medium) {
        consumers.push_back([medium](ByteView bytes, std::uint64_t) { medium->update(bytes); });
    }
    std::vector<BroadcastPullConsumer> pullers;
    if (tree) pullers.push_back([tree](const BroadcastPull& pull) { tree->run(pull); });
    std::uint64_t position = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) {
        check.context.check_interrupted();
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), entry.size - position));
        const std::size_t got =
            check.file.read_at(buffer.first(wanted), entry.data_offset() + position);
        position += got;
        check.context.progress.advance(got);
        return got;
    };
    broadcast(reader, std::move(consumers), std::move(pullers), {piece_consumer});
    pass.sha256 = sha256.finish_sha256();
    pass.other_digests = others.finish();
    pass.crc32 = piece_hasher.crc32();
    pass.pieces_root = piece_hasher.root();
    return pass;
}

// The records of the entries of one object of a package.
class EntriesOfObject : public EntryRecords {
public:
    EntriesOfObject(RecordStream& records, const std::string& object)
        : records_(records), object_(object) {}
    const RecordLine* peek() override {
        const RecordLine* line = records_.peek();
        return line && line->object == object_ && line->is_entry() ? line : nullptr;
    }
    RecordLine take() override { return records_.take(); }
    std::string where() const override { return records_.where(); }

private:
    RecordStream& records_;
    const std::string& object_;
};

bool is_entry(const Json& record) { return record.at("kind").string() == "entry"; }

bool check_against_record(PackageCheck& check, const ZipEntry& entry, const Json& record,
                          const ObjectPass& pass, PieceCheck& pieces) {
    DigestSet computed = pass.other_digests;
    computed[Algorithm::sha256] = to_hex(pass.sha256);
    const bool digests_fit = record.at("digests") == to_json(computed);
    const bool size_fits =
        record.at("size_bytes").integer() == static_cast<std::int64_t>(entry.size);
    if (!size_fits) {
        check.fail("payload.size-mismatch", Layer::content,
                   "holds " + std::to_string(entry.size) + " bytes, the record says " +
                       std::to_string(record.at("size_bytes").integer()),
                   entry.name);
    }
    if (!digests_fit) {
        check.fail("payload.digest-mismatch", Layer::content, words_of_damage(pieces), entry.name);
    } else if (const std::string ranges = pieces.damaged_ranges(); !ranges.empty()) {
        check.fail("pieces.mismatch", Layer::content,
                   "digests listed for " + ranges + " are not those of the object", pieces.name());
    }
    // A file that was cut out of a tree keeps the record it had there.
    if (is_entry(record)) {
        if (!pieces.is_listed()) return digests_fit && size_fits;
        check.fail("pieces.unexpected", Layer::structure,
                   "a file out of a captured tree has no list of piece digests", pieces.name());
        return false;
    }
    if (!text_is(record, "crc32", crc32_hex(pass.crc32))) {
        check.fail("content.crc-mismatch", Layer::content,
                   "crc32 of the record is not that of the object", entry.name);
    }
    check_piece_list(check, entry, record, pass.pieces_root, pieces);
    return digests_fit && size_fits;
}

std::vector<Algorithm> other_algorithms(const Json* record) {
    std::vector<Algorithm> algorithms;
    if (!record) return algorithms;
    for (const auto& [algorithm, value] : digest_set_from_json(record->at("digests"), "")) {
        if (algorithm != Algorithm::sha256) algorithms.push_back(algorithm);
    }
    return algorithms;
}

}  // namespace

VerifiedObject check_object(PackageCheck& check, const ZipEntry& entry, const Json* record,
                            RecordStream& records, SegmentCheck& segments) {
    VerifiedObject object;
    object.name = entry.name;
    object.offset_in_package_bytes = entry.data_offset();
    object.size_bytes = entry.size;
    if (record) {
        object.item = record->at("item").string();
        object.kind = record->at("kind").string();
    }
    segments.begin_object(entry, record);
    PieceCheck pieces(check, entry);
    EntriesOfObject entries(records, entry.name);
    std::optional<TreeCheck> tree;
    if (record && can_check_quickly(check, entry, pieces)) {
        check_object_quickly(check, entry, *record, records, pieces, object);
        return object;
    }
    if (object.kind == "tree") tree.emplace(entry.name, object.item, entries);
    const ObjectPass pass = read_object(check, entry, other_algorithms(record), pieces,
                                        tree ? &*tree : nullptr, segments.medium());
    object.sha256 = to_hex(pass.sha256);
    check.digests[entry.name] = pass.sha256;
    if (pass.crc32 != entry.crc32) check_crc(check, entry, pass.crc32);
    if (record) object.intact = check_against_record(check, entry, *record, pass, pieces);
    if (tree) {
        object.entries = tree->entries();
        if (tree->findings().has_failure()) object.intact = false;
        check.findings().append(tree->findings());
    }
    return object;
}

}  // namespace evidence
