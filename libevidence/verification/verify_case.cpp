// Verification of a case folder: the whole ledger, and every item's files against its acquisition
// record and its acquire event.
#include <map>

#include "acquisition/item_files.h"
#include "acquisition/mapfile.h"
#include "base/broadcast.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "custody/case_folder.h"
#include "custody/chain_verification.h"
#include "custody/ledger.h"
#include "digest/crc32.h"
#include "digest/digest.h"
#include "digest/merkle_tree.h"
#include "verification/acquisition_findings.h"
#include "verification/verify_target.h"

namespace evidence {
namespace {

constexpr std::size_t record_max_bytes = 16 * mib;

struct CaseCheck {
    const fs::path& folder;
    const VerificationOptions& options;
    const Context& context;
    VerificationReport& report;
    struct Acquired {
        std::uint64_t seq;
        DigestSet digests;
    };
    std::map<std::string, Acquired> acquired;  // by acquire events

    void fail(std::string code, Layer layer, std::string message, std::string where) {
        report.findings.add(std::move(code), layer, Weight::failed, std::move(message),
                            std::move(where));
    }
};

void read_case_document(CaseCheck& check, const Ledger& ledger) {
    try {
        const CaseDetails details = parse_case_document(
            read_small_file(check.folder / "case.json", record_max_bytes), "case.json");
        check.report.case_number = details.number;
        check.report.case_title = details.title;
        if (check.report.case_number != ledger.case_number()) {
            check.fail("custody.wrong-case", Layer::custody,
                       "case.json and the ledger name different cases", "case.json");
        }
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), "case.json");
    }
}

ChainExpectations expectations_of(const CaseCheck& check, const Ledger& ledger) {
    ChainExpectations expected;
    expected.ledger_id = ledger.id();
    expected.case_number = ledger.case_number();
    for (const ItemRow& item : ledger.items()) {
        expected.items.insert(item.id);
        expected.item_keys[item.id] = item.key;
    }
    expected.signer_chain = [&ledger](std::string_view fingerprint) {
        return ledger.signer_chain(fingerprint);
    };
    expected.trust = check.options.trust;
    return expected;
}

// Without one signed event by somebody the reader trusts, a chain only proves that it is a chain.
void check_signers(CaseCheck& check, const ChainFacts& facts) {
    if (facts.signers.empty()) {
        check.report.findings.add("signature.absent", Layer::signature, Weight::indeterminate,
                                  "no event is signed, nobody vouches for this ledger",
                                  "custody.db");
    }
    if (!check.options.trust || !check.options.trust->has_anchors()) {
        check.report.findings.add("certificate.no-chain", Layer::identity, Weight::indeterminate,
                                  "no trust anchor was given, so it is not known who signed",
                                  "custody.db");
    }
}

// The store's own checkpoints are promises that were made before: a chain that is shorter, or
// another one, was cut or replaced since.
void check_own_checkpoints(CaseCheck& check, const Ledger& ledger,
                           const std::map<std::uint64_t, Sha256>& links) {
    for (const CheckpointRow& row : ledger.checkpoints()) {
        const auto link = links.find(row.text.size);
        if (link != links.end() && link->second == row.text.hash) continue;
        check.fail("custody.head-mismatch", Layer::custody,
                   "the chain is not the one of a checkpoint made at size " +
                       std::to_string(row.text.size),
                   "custody.db");
    }
}

// Every item has its acquire event, and every acquire event its item.
void check_item_rows(CaseCheck& check, const Ledger& ledger) {
    std::map<std::string, CaseCheck::Acquired> without_row = check.acquired;
    for (const ItemRow& item : ledger.items()) {
        const auto event = check.acquired.find(item.id);
        if (event == check.acquired.end() || event->second.seq != item.acquire_seq) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "the item table names another acquire event than the chain has", item.id);
        }
        without_row.erase(item.id);
    }
    for (const auto& [item, event] : without_row) {
        check.fail("custody.item-missing", Layer::custody,
                   "acquired in event " + std::to_string(event.seq) +
                       ", but the item table does not have it",
                   item);
    }
}

void check_ledger(CaseCheck& check, const Ledger& ledger) {
    ChainVerifier verifier(expectations_of(check, ledger), check.report.findings);
    std::map<std::uint64_t, Sha256> links;  // by size, where a checkpoint was made
    for (const CheckpointRow& row : ledger.checkpoints()) links[row.text.size] = {};
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        check.context.check_interrupted();
        if (line.event && line.event->type == "acquire") {
            for (const auto& [item, digests] : line.event->digests_after) {
                const auto acquired = CaseCheck::Acquired{line.seq, digests};
                if (check.acquired.try_emplace(item, acquired).second) continue;
                check.fail("custody.acquire-mismatch", Layer::custody,
                           "a second acquire event of this item",
                           item + ", event " + std::to_string(line.seq));
            }
        }
        if (const auto link = links.find(line.seq + 1); link != links.end()) {
            link->second = line.link;
        }
        verifier.add(line);
    });
    const ChainFacts facts = verifier.finish();
    check.report.custody = CustodyFacts{ledger.id(), facts.events, facts.withheld,
                                        facts.unsigned_events, to_hex(facts.link)};
    check_signers(check, facts);
    check_own_checkpoints(check, ledger, links);
    check_item_rows(check, ledger);
    check.report.findings.add("custody.no-outside-head", Layer::custody, Weight::info,
                              "no checkpoint held by others was compared: later events that were "
                              "cut off cannot be excluded",
                              "custody.db");
}

void check_object(CaseCheck& check, const AcquisitionRecord& record, const fs::path& path,
                  VerifiedObject& object) {
    std::vector<Algorithm> others;
    for (const auto& [algorithm, value] : record.digests) {
        if (algorithm != Algorithm::sha256) others.push_back(algorithm);
    }
    File file = File::open_read(path);
    Hasher sha256(Algorithm::sha256);
    MultiHasher other_hasher(others);
    std::uint32_t crc = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) {
        check.context.check_interrupted();
        const std::size_t got = file.read_some(buffer);
        check.context.progress.advance(got);
        return got;
    };
    std::vector<BroadcastConsumer> consumers = {
        [&](ByteView bytes, std::uint64_t) { sha256.update(bytes); },
        [&](ByteView bytes, std::uint64_t) {
            crc = crc32(crc, bytes);
            other_hasher.update(bytes);
        }};
    object.size_bytes = broadcast(reader, std::move(consumers));
    DigestSet digests = other_hasher.finish();
    digests[Algorithm::sha256] = object.sha256 = to_hex(sha256.finish_sha256());
    object.intact =
        digests == record.digests && object.size_bytes == record.size_bytes && crc == record.crc32;
    if (object.intact) return;
    check.fail("payload.digest-mismatch", Layer::content,
               "the bytes are not those that were acquired", object.name);
}

void check_item_record(CaseCheck& check, const ItemRow& item, const AcquisitionRecord& record,
                       const std::string& where) {
    if (record.item != item.id || record.case_number != check.report.case_number) {
        check.fail("acquisition.mismatch", Layer::content, "describes another item or case", where);
    }
    const auto acquired = check.acquired.find(item.id);
    if (acquired == check.acquired.end() || acquired->second.digests != record.digests) {
        check.fail("custody.acquire-mismatch", Layer::custody,
                   "the acquire event does not have the digests of the acquisition record", where);
    }
}

// A file beside the object that must have this digest, and must not be there without one.
void check_side_file(CaseCheck& check, const std::string& name,
                     const std::optional<std::string>& sha256) {
    const bool present = fs::exists(fs::symlink_status(check.folder / name));
    if (!sha256 && !present) return;
    std::string found;
    if (present) {
        File file = File::open_read(check.folder / name);
        Hasher hasher(Algorithm::sha256);
        Bytes buffer(mib);
        while (const std::size_t got = file.read_some(buffer)) {
            check.context.check_interrupted();
            hasher.update(ByteView(buffer).first(got));
        }
        found = to_hex(hasher.finish_sha256());
    }
    if (sha256 && found == *sha256) return;
    check.fail("acquisition.mismatch", Layer::content,
               "not the file the acquisition record names by its digest", name);
}

// The map of bad ranges is there exactly when the record sums it up, and comes to that.
void check_map(CaseCheck& check, const std::string& name, const AcquisitionRecord& record) {
    const bool is_there = fs::exists(fs::symlink_status(check.folder / name));
    if (is_there != record.map.has_value()) {
        check.fail("acquisition.mismatch", Layer::content,
                   is_there
                       ? "the acquisition record knows of no map of bad ranges"
                       : "the map of bad ranges that the acquisition record sums up is missing",
                   name);
        return;
    }
    if (!is_there) return;
    const File file = File::open_read(check.folder / name);
    LineReader lines = LineReader::of_file(file, 0, file.size(), name, mapfile_max_line_bytes);
    if (sum_up_mapfile(lines, record.size_bytes) == *record.map) return;
    check.fail("acquisition.mismatch", Layer::content,
               "bad bytes and ranges are not those of the acquisition record", name);
}

// pieces.txt against the root in the record: one hex digest per piece and line.
void check_pieces(CaseCheck& check, const std::string& name, const AcquisitionRecord& record) {
    MerkleTree tree;
    bool well_formed = true;
    if (fs::exists(check.folder / name)) {
        const File file = File::open_read(check.folder / name);
        LineReader lines = LineReader::of_file(file, 0, file.size(), name, 64);
        while (const auto line = lines.next()) {
            const std::optional<Bytes> digest = from_hex(*line);
            well_formed = well_formed && digest && digest->size() == 32;
            if (digest) tree.add_leaf(merkle_leaf(*digest));
        }
    }
    const bool fits =
        record.pieces_root ? well_formed && tree.root() == *record.pieces_root : tree.size() == 0;
    if (fits) return;
    check.fail("pieces.mismatch", Layer::content,
               "not the list of pieces the acquisition record names by its root", name);
}

void check_side_files(CaseCheck& check, const ItemRow& item, const AcquisitionRecord& record) {
    const std::string folder = "items/" + item.id + "/";
    check_side_file(check, folder + "index.jsonl", record.index_sha256);
    check_side_file(check, folder + "omitted.jsonl", record.omitted_sha256);
    check_map(check, folder + "map", record);
    check_pieces(check, folder + "pieces.txt", record);
}

// Folders that no event knows: an acquisition that was cut off, or something slipped in.
void check_unknown_items(CaseCheck& check, const Ledger& ledger) {
    if (!fs::is_directory(check.folder / "items")) return;
    for (const fs::directory_entry& entry : fs::directory_iterator(check.folder / "items")) {
        const std::string name = entry.path().filename().native();
        if (ledger.find_item(name)) continue;
        check.report.findings.add("custody.unrecorded-item", Layer::custody, Weight::warning,
                                  "the ledger does not know this item", "items/" + name);
    }
}

void check_item(CaseCheck& check, const ItemRow& item) {
    const std::string where = "items/" + item.id + "/acquisition.json";
    VerifiedObject object;
    object.item = item.id;
    object.name = "items/" + item.id;
    try {
        const std::string text = read_small_file(check.folder / where, record_max_bytes);
        if (sha256_hex(text) != item.acquisition_sha256) {
            check.fail("acquisition.mismatch", Layer::content,
                       "not the record that the acquire event names", where);
        }
        const AcquisitionRecord record = parse_acquisition_record(text, where);
        check_item_record(check, item, record, where);
        object.kind = name_of(record.kind);
        object.name += "/" + std::string(object_file_name(record.kind));
        check_object(check, record, check.folder / object.name, object);
        check_side_files(check, item, record);
        add_acquisition_findings(record.document, item.id, check.report.findings);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        const bool missing = error.kind() == ErrorKind::not_found;
        check.fail(missing ? "payload.missing" : "payload.unreadable", Layer::content,
                   error.message(), object.name);
    }
    check.report.objects.push_back(object);
}

}  // namespace

VerificationReport verify_case(const fs::path& folder, const VerificationOptions& options,
                               const Context& context) {
    VerificationReport report;
    report.target = folder.native();
    report.kind = TargetKind::case_folder;
    report.checked_at = context.clock.now();
    report.layers = {Layer::structure, Layer::content, Layer::signature,
                     Layer::identity,  Layer::custody, Layer::acquisition};
    CaseCheck check{folder, options, context, report, {}};
    const Ledger ledger = Ledger::open_foreign(folder / "custody.db");
    read_case_document(check, ledger);
    context.progress.start("verifying", std::nullopt);
    check_ledger(check, ledger);
    for (const ItemRow& item : ledger.items()) check_item(check, item);
    check_unknown_items(check, ledger);
    context.progress.finish();
    return report;
}

}  // namespace evidence
