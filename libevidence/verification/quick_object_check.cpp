#include "verification/quick_object_check.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "digest/piece_sweep.h"

namespace evidence {
namespace {

Sha256 sweep_object(PackageCheck& check, const ZipEntry& entry, PieceCheck& pieces) {
    MerkleTree tree;
    sweep_pieces(
        entry.size, pieces_of_file(check.file, entry.data_offset()),
        [&](const Sha256& piece) {
            pieces.add(piece);
            tree.add_leaf(merkle_leaf(piece));
        },
        check.context);
    return tree.root();
}

// The records are passed over; they are leaves of the signed item tree all the same.
std::uint64_t pass_over_entries(const ZipEntry& entry, RecordStream& records) {
    std::uint64_t count = 0;
    while (const RecordLine* line = records.peek()) {
        if (line->object != entry.name || !line->is_entry()) break;
        records.take();
        ++count;
    }
    return count;
}

void not_established(const PackageCheck& check, std::string code, std::string message,
                     const std::string& where) {
    check.findings().add(std::move(code), Layer::content, Weight::indeterminate, std::move(message),
                         where);
}

// Every other list is compared with the digest that the record claims.
void note_claimed_digest(PackageCheck& check, const ZipEntry& entry, const Json& record,
                         VerifiedObject& object) {
    const DigestSet digests = digest_set_from_json(record.at("digests"), "items.jsonl");
    object.sha256 = digests.at(Algorithm::sha256);
    object.digest_recomputed = false;
    const Bytes digest = from_hex(object.sha256).value();
    std::copy(digest.begin(), digest.end(), check.digests[entry.name].begin());
}

}  // namespace

bool can_check_quickly(const PackageCheck& check, const ZipEntry& entry, const PieceCheck& pieces) {
    return check.options.quick && entry.size > piece_bytes && pieces.is_listed();
}

void check_object_quickly(PackageCheck& check, const ZipEntry& entry, const Json& record,
                          RecordStream& records, PieceCheck& pieces, VerifiedObject& object) {
    const Sha256 root = sweep_object(check, entry, pieces);
    const bool size_fits =
        record.at("size_bytes").integer() == static_cast<std::int64_t>(entry.size);
    if (!size_fits) {
        check.fail("payload.size-mismatch", Layer::content,
                   "holds " + std::to_string(entry.size) + " bytes, the record says " +
                       std::to_string(record.at("size_bytes").integer()),
                   entry.name);
    }
    const bool is_damaged = !pieces.damaged_ranges().empty();
    if (is_damaged) {
        check.fail("payload.digest-mismatch", Layer::content, words_of_damage(pieces), entry.name);
    }
    if (!text_is(record, "crc32", crc32_hex(entry.crc32))) {
        check.fail("content.crc-mismatch", Layer::content,
                   "crc32 of the record is not that of the header", entry.name);
    }
    const bool root_fits = check_piece_list(check, entry, record, root, pieces);
    object.intact = size_fits && root_fits && !is_damaged;
    note_claimed_digest(check, entry, record, object);
    not_established(check, "payload.digest-not-recomputed",
                    "only its 1 MiB pieces were compared with their signed list", entry.name);
    if (object.kind != "tree") return;
    object.entries = pass_over_entries(entry, records);
    not_established(check, "content.index-not-checked",
                    "its entries were not compared with their records", entry.name);
}

}  // namespace evidence
