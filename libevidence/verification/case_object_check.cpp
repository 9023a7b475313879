#include "verification/case_object_check.h"

#include "base/broadcast.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "digest/file_digest.h"
#include "verification/case_tree.h"
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

// The files of an object and where each begins in the list of pieces.
class ObjectFiles {
public:
    ObjectFiles(CaseCheck& check, const AcquisitionRecord& record, const VerifiedObject& object)
        : check_(check),
          record_(record),
          folder_(fs::path(object.name).parent_path()),
          names_(object_file_names(record)) {
        if (record.pieces_root) {
            pieces_ =
                ListedPieces::open(check.folder / folder_ / pieces_file_name, *record.pieces_root);
        }
    }

    bool has_pieces() const { return pieces_.has_value(); }

    // Compares the files by their pieces and reports each that is damaged; true when none is.
    bool compare_pieces() {
        bool intact = true;
        for_each([&](const std::string& name, const SegmentFacts& facts, std::uint64_t first) {
            const std::string ranges = damaged_ranges(name, facts, first);
            if (ranges.empty()) return;
            report_damage(name, ranges);
            intact = false;
        });
        return intact;
    }

    // Looks at each segment by itself and reports those that are damaged; true when none is.
    bool compare_segments() {
        bool intact = true;
        if (record_.segments.empty()) return intact;
        for_each([&](const std::string& name, const SegmentFacts& facts, std::uint64_t first) {
            if (sha256_of_case_file(check_, name) == facts.digests.at(Algorithm::sha256)) return;
            report_damage(name, damaged_ranges(name, facts, first));
            intact = false;
        });
        return intact;
    }

    void report_damage(const std::string& name, const std::string& ranges) {
        check_.fail("payload.digest-mismatch", Layer::content,
                    "the bytes are not those that were acquired" +
                        (ranges.empty() ? ranges : "; damaged: " + ranges),
                    name);
    }

    // Of an object in one piece, as far as the list of its pieces tells.
    std::string damaged_ranges() {
        if (!record_.segments.empty()) return {};
        return damaged_ranges((folder_ / names_.front()).native(), {record_.size_bytes, {}, 0, {}},
                              0);
    }

private:
    template <typename Visitor>
    void for_each(const Visitor& visit) {
        std::vector<SegmentFacts> files = record_.segments;
        if (files.empty()) files.push_back({record_.size_bytes, {}, 0, {}});
        std::uint64_t first = 0;
        for (std::size_t i = 0; i < files.size(); ++i) {
            visit((folder_ / names_[i]).native(), files[i], first);
            first += files[i].pieces();
        }
    }

    std::string damaged_ranges(const std::string& name, const SegmentFacts& facts,
                               std::uint64_t first) {
        if (!pieces_) return {};
        return pieces_->damaged_ranges(check_.folder / name, facts.size_bytes, first,
                                       check_.context);
    }

    CaseCheck& check_;
    const AcquisitionRecord& record_;
    fs::path folder_;  // in the case
    std::vector<std::string> names_;
    std::optional<ListedPieces> pieces_;
};

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
    object.intact = ObjectFiles(check, record, object).compare_segments();
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
    std::optional<CaseTree> tree;
    if (record.kind == ItemKind::tree && path_exists(folder / "index.jsonl")) {
        tree.emplace(check, record, object.name);
    }
    std::vector<BroadcastPullConsumer> pullers;
    if (tree) pullers.push_back([&tree](const BroadcastPull& pull) { tree->run(pull); });
    object.size_bytes = broadcast(reader, std::move(consumers), std::move(pullers));
    DigestSet digests = other_hasher.finish();
    digests[Algorithm::sha256] = object.sha256 = to_hex(sha256.finish_sha256());
    object.intact = digests == record.digests && object.size_bytes == record.size_bytes &&
                    crc == record.crc32 && stream.sizes_agree();
    if (!object.intact) {
        ObjectFiles files(check, record, object);
        if (files.compare_segments()) files.report_damage(object.name, files.damaged_ranges());
    }
    if (!tree) return;
    object.entries = tree->entries();
    object.intact = tree->report() && object.intact;
}

void not_established(const CaseCheck& check, std::string code, std::string message,
                     const std::string& where) {
    check.report.findings.add(std::move(code), Layer::content, Weight::indeterminate,
                              std::move(message), where);
}

// --quick: the pieces on all processors instead of one long digest.
void check_quickly(CaseCheck& check, const AcquisitionRecord& record, ObjectFiles& files,
                   VerifiedObject& object) {
    object.size_bytes = record.size_bytes;
    object.sha256 = record.digests.at(Algorithm::sha256);
    object.digest_recomputed = false;
    object.intact = files.compare_pieces();
    not_established(check, "payload.digest-not-recomputed",
                    "only its 1 MiB pieces were compared with their recorded list", object.name);
    if (record.kind == ItemKind::tree) {
        not_established(check, "content.index-not-checked",
                        "its entries were not compared with their records", object.name);
    } else if (record.kind == ItemKind::e01) {
        not_established(check, "content.medium-not-checked",
                        "the content of the image was not unpacked", object.name);
    }
}

}  // namespace

void check_case_object(CaseCheck& check, const AcquisitionRecord& record, VerifiedObject& object) {
    if (check.options.quick) {
        if (ObjectFiles files(check, record, object); files.has_pieces()) {
            return check_quickly(check, record, files, object);
        }
    }
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
