#include "verification/object_check.h"

#include <algorithm>

#include "acquisition/tar_entries.h"
#include "base/broadcast.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

constexpr std::size_t max_ranges_named = 20;

// Compares piece digests, as they are computed, with the lines of pieces/NNNNNN.txt.
class PieceCheck {
public:
    PieceCheck(const PackageCheck& check, const ZipEntry& object)
        : size_(object.size), name_("pieces/" + object.name.substr(5, 6) + ".txt") {
        if (const ZipEntry* listed = check.structure.find(name_)) {
            lines_.emplace(
                LineReader::of_file(check.file, listed->data_offset(), listed->size, name_, 64));
        }
    }

    bool is_listed() const { return lines_.has_value(); }
    const std::string& name() const { return name_; }

    void add(const Sha256& piece) {
        const std::uint64_t index = count_++;
        if (!lines_ || list_broken_) return;
        const auto line = next_line();
        if (!line || !is_hex(*line, 64))
            list_broken_ = true;
        else if (*line != to_hex(piece))
            note_damage(index);
    }

    // One finding for the list as such, one that names the damaged ranges.
    void finish(Findings& findings) {
        if (!lines_) return;
        const bool ends = !list_broken_ && !next_line();
        if (list_broken_ || !ends || lines_->ended_without_newline()) {
            findings.add("pieces.malformed", Layer::structure, Weight::failed,
                         "not one digest per 1 MiB piece", name_);
        }
    }

    std::string damaged_ranges() const {
        std::string text;
        for (const auto& [first, last] : ranges_) {
            if (!text.empty()) text += ", ";
            text += std::to_string(first * piece_bytes) + "-" +
                    std::to_string(std::min((last + 1) * piece_bytes, size_) - 1);
        }
        if (more_ranges_) text += ", and more";
        return text;
    }

private:
    std::optional<std::string_view> next_line() {
        try {
            return lines_->next();
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            list_broken_ = true;  // a line longer than a digest
            return std::nullopt;
        }
    }

    void note_damage(std::uint64_t index) {
        if (!ranges_.empty() && ranges_.back().second + 1 == index) {
            ranges_.back().second = index;
        } else if (ranges_.size() < max_ranges_named) {
            ranges_.emplace_back(index, index);
        } else {
            more_ranges_ = true;
        }
    }

    std::uint64_t size_;
    std::string name_;
    std::optional<LineReader> lines_;
    std::uint64_t count_ = 0;
    bool list_broken_ = false;
    bool more_ranges_ = false;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;  // of pieces, inclusive
};

// Equal but for the salt, which a tar cannot know, and the mark of a file that changed.
bool describes(const Json& record, const Json& from_tar) {
    auto expected = from_tar.members().begin();
    const auto end = from_tar.members().end();
    for (const auto& [key, value] : record.members()) {
        if (key == "salt" || key == "changed") continue;
        if (expected == end || expected->first != key || !(expected->second == value)) return false;
        ++expected;
    }
    return expected == end;
}

std::string name_of_entry(const Json& record) {
    if (const Json* name = record.find("name"); name && name->is_string()) return name->string();
    if (const Json* bytes = record.find("name_bytes"); bytes && bytes->is_string()) {
        return "hex " + bytes->string();
    }
    return "an entry";
}

// The entries of a captured tree, each against the next record.
class TreeCheck {
public:
    TreeCheck(const ZipEntry& object, std::string item, RecordStream& records)
        : object_(object), item_(std::move(item)), records_(records) {}

    void run(const BroadcastPull& pull) {
        try {
            read_tar_entries(pull, item_, object_.name, [this](TarEntry entry) { compare(entry); });
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::io) throw;
            mismatch("content.tar-malformed", error.message(), object_.name);
        }
        while (const RecordLine* line = next_record()) {
            mismatch("content.index-mismatch",
                     "a record of something the tar does not hold: " + name_of_entry(line->record),
                     records_.where());
            records_.take();
        }
    }

    std::uint64_t entries() const { return entries_; }
    const Findings& findings() const { return findings_; }

private:
    const RecordLine* next_record() {
        const RecordLine* line = records_.peek();
        return line && line->object == object_.name && line->is_entry() ? line : nullptr;
    }

    void compare(const TarEntry& entry) {
        ++entries_;
        if (!next_record()) {
            mismatch("content.index-mismatch",
                     "the tar holds an entry without a record: " + name_of_entry(entry.record),
                     object_.name);
            return;
        }
        const RecordLine line = records_.take();
        if (describes(line.record, entry.record) && line.offset_bytes == entry.offset_bytes) return;
        mismatch("content.index-mismatch",
                 "the record is not what the tar says: " + name_of_entry(line.record),
                 records_.where());
    }

    void mismatch(std::string code, std::string message, std::string where) {
        findings_.add(std::move(code), Layer::content, Weight::failed, std::move(message),
                      std::move(where));
    }

    const ZipEntry& object_;
    std::string item_;
    RecordStream& records_;
    std::uint64_t entries_ = 0;
    Findings findings_;
};

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

bool text_is(const Json& record, std::string_view key, const std::string& value) {
    const Json* member = record.find(key);
    return member && member->is_string() && member->string() == value;
}

// The pieces list stands beside an object exactly when it is larger than a piece.
void check_piece_list(PackageCheck& check, const ZipEntry& entry, const Json& record,
                      const ObjectPass& pass, PieceCheck& pieces) {
    const bool wanted = entry.size > piece_bytes;
    if (pieces.is_listed() != wanted) {
        check.fail(wanted ? "pieces.missing" : "pieces.unexpected", Layer::structure,
                   "a list of piece digests is there exactly for objects over 1 MiB",
                   pieces.name());
    }
    pieces.finish(check.findings());
    const bool root_fits = wanted ? text_is(record, "pieces_root", to_hex(pass.pieces_root))
                                  : record.find("pieces_root") == nullptr;
    if (!root_fits) {
        check.fail("content.pieces-root-mismatch", Layer::content,
                   "pieces_root of the record is not that of the object", entry.name);
    }
}

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
        const std::string ranges = pieces.damaged_ranges();
        check.fail("payload.digest-mismatch", Layer::content,
                   ranges.empty() ? "the bytes are not those that were sealed"
                                  : "the bytes are not those that were sealed; damaged: " + ranges,
                   entry.name);
    } else if (const std::string ranges = pieces.damaged_ranges(); !ranges.empty()) {
        check.fail("pieces.mismatch", Layer::content,
                   "digests listed for " + ranges + " are not those of the object", pieces.name());
    }
    if (!text_is(record, "crc32", crc32_hex(pass.crc32))) {
        check.fail("content.crc-mismatch", Layer::content,
                   "crc32 of the record is not that of the object", entry.name);
    }
    check_piece_list(check, entry, record, pass, pieces);
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
    std::optional<TreeCheck> tree;
    if (object.kind == "tree") tree.emplace(entry, object.item, records);
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
