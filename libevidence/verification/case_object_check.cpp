#include "verification/case_object_check.h"

#include "base/broadcast.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "digest/file_digest.h"
#include "verification/damaged_pieces.h"
#include "verification/ewf_content.h"

namespace evidence {
namespace {

// The files of an object one after another, as one stream.
class ObjectStream {
public:
    ObjectStream(const CaseCheck& check, const AcquisitionRecord& record, fs::path folder)
        : check_(check), folder_(std::move(folder)), names_(object_file_names(record)) {
        for (const SegmentFacts& segment : record.segments) sizes_.push_back(segment.size_bytes);
    }

    std::size_t read(MutableByteView buffer) {
        std::size_t done = 0;
        while (done < buffer.size()) {
            check_.context.check_interrupted();
            if (!file_.is_open() && !open_next()) break;
            const std::size_t got = file_.read_some(buffer.subspan(done));
            check_.context.progress.advance(got);
            done += got;
            if (done < buffer.size()) file_ = File();
        }
        return done;
    }
    // Whether every segment was as long as its record says.
    bool sizes_agree() const { return sizes_agree_; }

private:
    bool open_next() {
        if (next_ == names_.size()) return false;
        file_ = File::open_regular(folder_ / names_[next_]);
        if (!sizes_.empty() && file_.size() != sizes_[next_]) sizes_agree_ = false;
        ++next_;
        return true;
    }

    const CaseCheck& check_;
    fs::path folder_;
    std::vector<std::string> names_;
    std::vector<std::uint64_t> sizes_;  // of segments
    File file_;
    std::size_t next_ = 0;
    bool sizes_agree_ = true;
};

// Looks at each segment by itself; false when none of them is wrong.
bool name_damaged_segments(CaseCheck& check, const AcquisitionRecord& record,
                           const VerifiedObject& object) {
    const std::vector<std::string> names = object_file_names(record);
    const fs::path folder = fs::path(object.name).parent_path();
    bool found_one = false;
    for (std::size_t i = 0; i < record.segments.size(); ++i) {
        const std::string name = (folder / names[i]).native();
        if (sha256_of_case_file(check, name) == record.segments[i].digests.at(Algorithm::sha256)) {
            continue;
        }
        found_one = true;
        check.fail("payload.digest-mismatch", Layer::content,
                   "the bytes are not those that were acquired", name);
    }
    return found_one;
}

// Where an object in one piece is damaged, as far as the list of its pieces tells.
std::string damage_of(const CaseCheck& check, const AcquisitionRecord& record,
                      const fs::path& folder) {
    if (!record.pieces_root || !record.segments.empty()) return {};
    const std::string ranges =
        damaged_ranges(folder / object_file_names(record).front(), folder / "pieces.txt",
                       {record.size_bytes, *record.pieces_root}, check.context);
    return ranges.empty() ? "" : "; damaged: " + ranges;
}

void check_ewf_content(CaseCheck& check, const AcquisitionRecord& record, VerifiedObject& object) {
    const fs::path folder = check.folder / fs::path(object.name).parent_path();
    try {
        const std::string difference =
            ewf_difference(whole_files(folder, object_file_names(record)),
                           {record.size_bytes, record.digests}, check.context);
        if (difference.empty()) return;
        object.intact = false;
        check.fail("content.medium-mismatch", Layer::content, difference, object.name);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::io) throw;
        const bool is_known = is_known_damage(error, record.map.has_value(),
                                              record.document.find("taken_in") != nullptr);
        object.intact = is_known;
        check.report.findings.add(
            is_known ? "content.medium-not-checked" : "content.medium-mismatch", Layer::content,
            is_known ? Weight::indeterminate : Weight::failed, error.message(), object.name);
    }
}

// The content of an E01 image is not its files: these are compared one by one, then what is in
// them.
void check_ewf_object(CaseCheck& check, const AcquisitionRecord& record, VerifiedObject& object) {
    object.size_bytes = record.size_bytes;
    object.sha256 = record.digests.at(Algorithm::sha256);
    object.intact = !name_damaged_segments(check, record, object);
    if (object.intact) check_ewf_content(check, record, object);
}

void check_stream_object(CaseCheck& check, const AcquisitionRecord& record,
                         VerifiedObject& object) {
    const fs::path folder = check.folder / fs::path(object.name).parent_path();
    std::vector<Algorithm> others;
    for (const auto& [algorithm, value] : record.digests) {
        if (algorithm != Algorithm::sha256) others.push_back(algorithm);
    }
    ObjectStream stream(check, record, folder);
    Hasher sha256(Algorithm::sha256);
    MultiHasher other_hasher(others);
    std::uint32_t crc = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) { return stream.read(buffer); };
    std::vector<BroadcastConsumer> consumers = {
        [&](ByteView bytes, std::uint64_t) { sha256.update(bytes); },
        [&](ByteView bytes, std::uint64_t) {
            crc = crc32(crc, bytes);
            other_hasher.update(bytes);
        }};
    object.size_bytes = broadcast(reader, std::move(consumers));
    DigestSet digests = other_hasher.finish();
    digests[Algorithm::sha256] = object.sha256 = to_hex(sha256.finish_sha256());
    object.intact = digests == record.digests && object.size_bytes == record.size_bytes &&
                    crc == record.crc32 && stream.sizes_agree();
    if (object.intact) return;
    if (!name_damaged_segments(check, record, object)) {
        check.fail("payload.digest-mismatch", Layer::content,
                   "the bytes are not those that were acquired" + damage_of(check, record, folder),
                   object.name);
    }
}

}  // namespace

void check_case_object(CaseCheck& check, const AcquisitionRecord& record, VerifiedObject& object) {
    if (record.kind == ItemKind::e01) {
        check_ewf_object(check, record, object);
    } else {
        check_stream_object(check, record, object);
    }
}

std::string sha256_of_case_file(const CaseCheck& check, const std::string& name) {
    return sha256_of_file(File::open_regular(check.folder / name), check.context);
}

}  // namespace evidence
