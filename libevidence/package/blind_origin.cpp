#include "package/blind_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/hex.h"
#include "custody/ledger_extract.h"
#include "custody/ledger_line.h"
#include "digest/merkle_tree.h"
#include "package/package_layout.h"
#include "package/proof_line.h"

namespace evidence {
namespace {

constexpr std::size_t original_max_bytes = json_max_line_bytes + 64;

struct Original {
    std::uint64_t number = 0;  // line in the items.jsonl of the last container that has one
    bool is_hidden = false;
    std::string record;
};

// Reads DisclosedRecords::originals() front to back.
class Originals {
public:
    explicit Originals(const Spool& spool)
        : lines_(LineReader::of_file(spool.file(), 0, spool.facts().size, "scratch file",
                                     original_max_bytes)) {}

    std::optional<Original> next() {
        const std::optional<std::string_view> line = lines_.next();
        if (!line) return std::nullopt;
        Original original;
        const char* end = line->data() + line->size();
        const char* rest = std::from_chars(line->data(), end, original.number).ptr;
        original.is_hidden = rest[1] == 'h';
        original.record.assign(rest + 3, end);
        return original;
    }

private:
    LineReader lines_;
};

void write_original(Spool& spool, const Original& original, std::string_view record) {
    spool.write(fmt::format("{} {} ", original.number, original.is_hidden ? 'h' : 'v'));
    spool.write(record);
    spool.write("\n");
}

// Withheld, whatever it was before.
std::string withheld_line(LedgerLine line) {
    line.event.reset();
    line.event_bytes.clear();
    line.signature.clear();
    line.signer.clear();
    return format_ledger_line(line);
}

}  // namespace

BlindOrigin::BlindOrigin(const OriginPackage& origin, const DisclosedRecords& records,
                         const std::set<std::string>& items, const Context& context)
    : origin_(origin),
      items_(items),
      context_(context),
      originals_(&records.originals()),
      records_(records) {
    const std::size_t levels = OriginView::levels(origin);
    if (levels > max_origin_levels) {
        throw Error(ErrorKind::unsupported,
                    fmt::format("a disclosure of a disclosure, {} times (expected at most {})",
                                levels, max_origin_levels));
    }
    for (std::size_t level = 0; level < levels; ++level) add_level(level);
    std::sort(files_.begin(), files_.end(), [](const GivenFile& a, const GivenFile& b) {
        return layout_position(a.name) < layout_position(b.name);
    });
}

void BlindOrigin::add_level(std::size_t level) {
    const OriginView view(origin_, level);
    const std::string prefix = "origin/" + view.name("");
    for (const char* name : {"items.checkpoint", "terms.json", "custody/checkpoint",
                             "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s"}) {
        copy(view, prefix, name);
    }
    if (view.find(time_stamp_names[1].token)) {
        copy(view, prefix, time_stamp_names[1].manifest);
        copy(view, prefix, time_stamp_names[1].token);
    }
    add_ledger(view, prefix);
    if (level == 0) return prove_by_records(view, prefix, records_.proofs());
    if (!view.has_records()) return prove_by_proofs(view, prefix);
    ItemProofs proofs(context_.scratch_folder);
    find_originals(view, proofs);
    prove_by_records(view, prefix, proofs);
}

void BlindOrigin::copy(const OriginView& view, const std::string& prefix, std::string_view name) {
    const ZipEntry& entry = origin_.entry(view.name(name));
    files_.push_back({prefix + std::string(name), &origin_.file(), entry.data_offset(),
                      origin_.facts_of(entry)});
}

void BlindOrigin::add(std::string name, std::unique_ptr<Spool> spool) {
    spool->finish();
    files_.push_back({std::move(name), &spool->file(), 0, spool->facts()});
    spools_.push_back(std::move(spool));
}

void BlindOrigin::add_ledger(const OriginView& view, const std::string& prefix) {
    const std::string name = view.name("custody/ledger.jsonl");
    auto spool = std::make_unique<Spool>(context_.scratch_folder);
    std::set<std::string> signers;
    origin_.visit_lines(
        name, json_max_line_bytes, [&](std::string_view text, std::uint64_t number) {
            LedgerLine line = parse_ledger_line(text, fmt::format("{}:{}", name, number));
            if (line.event && is_shown(*line.event, items_)) {
                if (!line.signer.empty()) signers.insert(line.signer);
                spool->write(text);
                spool->write("\n");
            } else {
                spool->write(withheld_line(std::move(line)));
            }
        });
    add(prefix + "custody/ledger.jsonl", std::move(spool));
    for (const std::string& signer : signers) {
        copy(view, prefix, "custody/signers/" + signer + ".pem");
    }
}

void BlindOrigin::prove_by_records(const OriginView& view, const std::string& prefix,
                                   const ItemProofs& proofs) {
    const CheckpointText checkpoint = view.items_checkpoint();
    if (checkpoint.size != proofs.size() || checkpoint.hash != proofs.root()) {
        origin_.refuse(view.name("items.checkpoint") + " is not that of items.jsonl");
    }
    auto spool = std::make_unique<Spool>(context_.scratch_folder);
    Originals originals(*originals_);
    while (std::optional<Original> original = originals.next()) {
        context_.check_interrupted();
        ProofLine line;
        line.leaf = merkle_leaf(as_bytes(original->record));
        std::optional<ItemProof> proof = proofs.proof_of(line.leaf);
        if (!proof) origin_.refuse("a record is not in the tree");
        line.proof = std::move(*proof);
        if (!original->is_hidden) line.record_bytes = std::move(original->record);
        const std::string text = format_proof_line(line);
        if (text.size() > json_max_line_bytes) {
            throw Error(ErrorKind::unsupported, "a record is too long to be proven");
        }
        spool->write(text);
    }
    add(prefix + "proofs.jsonl", std::move(spool));
}

// The proofs at hand stand in the order of the records of the last container that has any.
void BlindOrigin::prove_by_proofs(const OriginView& view, const std::string& prefix) {
    const CheckpointText checkpoint = view.items_checkpoint();
    const std::string name = view.name("proofs.jsonl");
    auto spool = std::make_unique<Spool>(context_.scratch_folder);
    Originals originals(*originals_);
    std::optional<Original> wanted = originals.next();
    origin_.visit_lines(
        name, json_max_line_bytes, [&](std::string_view text, std::uint64_t number) {
            context_.check_interrupted();
            while (wanted && wanted->number == number) {
                const std::string where = fmt::format("{}:{}", name, number);
                ProofLine line = parse_proof_line(text, where);
                if (root_of_path(line.leaf, line.proof.index, checkpoint.size, line.proof.path) !=
                    checkpoint.hash) {
                    origin_.refuse(where + " does not lead to the root");
                }
                if (wanted->is_hidden) line.record_bytes.clear();
                spool->write(format_proof_line(line));
                wanted = originals.next();
            }
        });
    if (wanted) origin_.refuse(name + " has too few lines");
    add(prefix + "proofs.jsonl", std::move(spool));
}

// Both lists have one order, so one pass is enough. Several records may be made of the same one.
void BlindOrigin::find_originals(const OriginView& view, ItemProofs& proofs) {
    auto found = std::make_unique<Spool>(context_.scratch_folder);
    Originals originals(*originals_);
    std::optional<Original> wanted = originals.next();
    const std::string name = view.name("items.jsonl");
    origin_.visit_lines(
        name, json_max_line_bytes, [&](std::string_view text, std::uint64_t number) {
            context_.check_interrupted();
            const std::optional<ScannedRecord> scanned = scan_record_line(text);
            if (!scanned) origin_.refuse(fmt::format("{}:{} is no record", name, number));
            proofs.add(scanned->record_bytes);
            while (wanted) {
                const bool is_part = wanted->record.find(",\"of\":\"") != std::string::npos;
                const bool is_same = differ_in_salt_alone(wanted->record, scanned->record_bytes);
                if (!is_same &&
                    !(is_part &&
                      is_made_of(wanted->record, merkle_leaf(as_bytes(scanned->record_bytes))))) {
                    return;
                }
                wanted->number = number;
                wanted->is_hidden = wanted->is_hidden || !is_same;
                write_original(*found, *wanted, scanned->record_bytes);
                wanted = originals.next();
            }
        });
    if (wanted) origin_.refuse("a record has no original in " + name);
    proofs.finish();
    found->finish();
    own_originals_ = std::move(found);
    originals_ = own_originals_.get();
}

}  // namespace evidence
