// The ledger extract of a package: the chain, who signed, and that acquisitions recorded there are
// those of the objects.
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "custody/chain_verification.h"
#include "custody/ledger.h"
#include "verification/entry_hash.h"
#include "verification/event_times.h"
#include "verification/head_comparison.h"
#include "verification/legal_check.h"

namespace evidence {
namespace {

struct AcquireEvent {
    std::uint64_t seq;
    std::string acquisition_sha256;
    std::optional<std::int64_t> size_bytes;
    DigestSet digests;
};
using AcquireEvents = std::map<std::string, AcquireEvent>;
using ItemNames = std::set<std::string_view>;

// Where a chain stands, and what it must be.
struct LedgerPlace {
    std::string prefix;  // "" or "origin/"
    std::string ledger_id;
    std::optional<UtcTime> sealed_at;
    bool has_items = true;   // its case is that of the items at hand
    bool only_items = true;  // of nothing else are events shown
    // Of a disclosure: withheld events about an item at hand may concern others that are not.
    bool may_be_shared = false;
};

std::string signer_entry(std::string_view prefix, std::string_view fingerprint) {
    return std::string(prefix) + "custody/signers/" + std::string(fingerprint) + ".pem";
}

// The certificates of one signer, leaf first; empty when the package has none that fit.
std::vector<Certificate> read_signer(const PackageCheck& check, std::string_view prefix,
                                     std::string_view fingerprint) {
    const std::string name = signer_entry(prefix, fingerprint);
    if (!check.structure.find(name)) return {};
    const std::optional<std::string> pem = check.text_of(name, ledger_signer_max_bytes);
    if (!pem) return {};
    try {
        std::vector<Certificate> chain = parse_pem_certificates(*pem, name);
        if (!chain.empty() && chain.front().fingerprint() == fingerprint) return chain;
        check.fail("custody.signer-mismatch", Layer::custody,
                   "the first certificate is not the one the file is named after", name);
    } catch (const Error& error) {
        check.fail("custody.signer-mismatch", Layer::custody, error.message(), name);
    }
    return {};
}

void add_items(const PackageCheck& check, ChainExpectations& expected) {
    for (const ItemFacts& item : check.items) {
        expected.items.insert(item.item);
        if (item.key) expected.item_keys[item.item] = *item.key;
    }
}

ChainExpectations expectations_of(const PackageCheck& check, const LedgerPlace& place) {
    ChainExpectations expected;
    expected.ledger_id = place.ledger_id;
    expected.not_later_than = place.sealed_at;
    expected.any_case = !place.prefix.empty();
    if (check.package && place.prefix.empty()) expected.case_number = check.package->case_number;
    expected.of_package = place.only_items;
    expected.of_disclosure = place.may_be_shared;
    if (place.has_items) add_items(check, expected);
    expected.signer_chain = [&check, prefix = place.prefix](std::string_view fingerprint) {
        return read_signer(check, prefix, fingerprint);
    };
    expected.trust = check.options.trust;
    expected.weight_of_unsigned =
        check.options.weight_if_required(Requirement::signed_events, Weight::warning);
    return expected;
}

// Of the items of the package only: nobody else's events may take memory.
void note_acquire_event(const PackageCheck& check, const ItemNames& items, const Event& event,
                        AcquireEvents& acquired) {
    if (event.type != "acquire") return;
    for (const std::string& item : event.items) {
        if (items.count(item) == 0) continue;
        const Json* sha256 = event.detail.find("acquisition_sha256");
        const Json* size = event.detail.find("size_bytes");
        const bool has_size = size && size->is_integer();
        const auto digests = event.digests_after.find(item);
        const bool is_first =
            acquired
                .try_emplace(
                    item,
                    AcquireEvent{
                        event.seq, sha256 && sha256->is_string() ? sha256->string() : "",
                        has_size ? std::optional(size->integer()) : std::nullopt,
                        digests == event.digests_after.end() ? DigestSet{} : digests->second})
                .second;
        if (is_first) continue;
        check.fail("custody.acquire-mismatch", Layer::custody,
                   "a second acquire event of this item",
                   item + ", event " + std::to_string(event.seq));
    }
}

// What one pass over the shown events finds beside the chain.
struct Histories {
    AcquireEvents acquired;
    EventTimes times;
    PreservationClock preservations;
};

ChainFacts read_chain(PackageCheck& check, const LedgerPlace& place, const ZipEntry& ledger,
                      Histories& histories) {
    const bool is_own = place.prefix.empty();
    ChainVerifier verifier(expectations_of(check, place), check.findings());
    ItemNames items;
    if (place.has_items) {
        for (const ItemFacts& item : check.items) items.insert(item.item);
    }
    HashedLines lines(check, ledger);
    while (const auto text =
               lines.next(check.findings(), "custody.event-malformed", Layer::custody)) {
        try {
            const LedgerLine line = parse_ledger_line(*text, lines.where());
            if (line.event) {
                note_acquire_event(check, items, *line.event, histories.acquired);
                histories.times.add(*line.event);
                histories.preservations.add(*line.event);
                if (is_own) check.report.history.add(*line.event);
            }
            if (!is_own) {
                verifier.add(line);
                continue;
            }
            if (const auto asked = check.links.find(line.seq + 1); asked != check.links.end()) {
                asked->second = line.link;
            }
            verifier.add(line);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            verifier.add_malformed(error.message());
        }
    }
    lines.finish(check);
    return verifier.finish();
}

void check_head_text(PackageCheck& check, const LedgerPlace& place, const ChainFacts& facts) {
    const std::string where = place.prefix + "custody/checkpoint";
    const std::optional<std::string> text = check.text_of(where);
    if (!text) return;
    try {
        const CheckpointText head = parse_checkpoint(*text, where);
        const bool same_ledger =
            place.ledger_id.empty() || head.origin == ledger_origin(place.ledger_id);
        if (!same_ledger || head.size != facts.events || head.hash != facts.link) {
            check.fail("custody.head-mismatch", Layer::custody,
                       "the checkpoint is not that of the chain", where);
        }
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), where);
    }
}

void check_head(PackageCheck& check, const LedgerPlace& place, const ChainFacts& facts) {
    if (check.package &&
        (check.package->ledger_size != facts.events || check.package->ledger_link != facts.link)) {
        check.fail("custody.head-mismatch", Layer::custody,
                   "size and link are not those of the chain", "package.json");
    }
    check_head_text(check, place, facts);
}

void check_acquire_events(PackageCheck& check, const AcquireEvents& acquired) {
    std::uint64_t last_seq = 0;
    for (const ItemFacts& item : check.items) {
        const auto found = acquired.find(item.item);
        if (found == acquired.end()) {
            check.fail("custody.acquire-missing", Layer::custody,
                       "no acquire event is shown for this item", item.item);
            continue;
        }
        const AcquireEvent& event = found->second;
        const std::string where = item.item + ", event " + std::to_string(event.seq);
        if (event.digests != item.digests) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "digests in the acquire event are not those of the record", where);
        }
        if (event.size_bytes != static_cast<std::int64_t>(item.size_bytes)) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "size_bytes in the acquire event is not that of the record", where);
        }
        if (event.acquisition_sha256 != item.acquisition_sha256) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "acquisition_sha256 in the acquire event is not that of the record", where);
        }
        if (event.seq < last_seq) {
            check.fail("records.item-order", Layer::structure,
                       "items do not stand in the order of their acquire events", item.item);
        }
        last_seq = event.seq;
    }
}

// A blind disclosure holds certificates of those who signed what is shown, and no other file.
void check_signer_files(const PackageCheck& check, const OriginLevel& level,
                        const ChainFacts& facts) {
    const std::string folder = level.name("custody/signers/");
    for (const ZipEntry& entry : check.structure.entries) {
        if (!entry.name.starts_with(folder)) continue;
        const std::string fingerprint =
            entry.name.substr(folder.size(), entry.name.rfind('.') - folder.size());
        if (facts.signers.contains(fingerprint)) continue;
        check.fail("disclosure.origin-mixed", Layer::custody,
                   "the certificate of somebody who signed nothing that is shown", entry.name);
    }
}

// The ledger of a package that this one was cut from; what it says of acquisitions.
AcquireEvents check_origin_ledger(PackageCheck& check, const OriginLevel& level) {
    const ZipEntry* ledger = check.structure.find(level.name("custody/ledger.jsonl"));
    if (!ledger) {
        check.fail("disclosure.origin-incomplete", Layer::structure, "missing from the package",
                   level.name("custody/ledger.jsonl"));
        return {};
    }
    Histories histories{{}, EventTimes(check.findings()), PreservationClock(check.findings())};
    const bool is_first = &level == &check.origins.back();
    const bool has_items =
        is_first || level.terms.ledger_id == check.origins.back().terms.ledger_id;
    // Below a package that is there with all of its records it is cut for all of those.
    bool is_cut_for_these = true;
    for (const OriginLevel* above = &check.origins.front(); above <= &level; ++above) {
        is_cut_for_these = is_cut_for_these && !above->is_named;
    }
    // A seal that is there as it was made shows or hides each event for one item.
    const bool is_whole_seal = is_first && level.is_named;
    const LedgerPlace place{level.prefix, level.terms.ledger_id, level.terms.created_at,
                            has_items,    is_cut_for_these,      !is_whole_seal};
    const ChainFacts facts = read_chain(check, place, *ledger, histories);
    histories.times.finish(level.terms.created_at, false);
    check_head_text(check, place, facts);
    if (!level.is_named) check_signer_files(check, level, facts);
    return std::move(histories.acquired);
}

}  // namespace

void check_custody(PackageCheck& check) {
    const ZipEntry* ledger = check.structure.find("custody/ledger.jsonl");
    if (!ledger) return;
    if (check.package) check.links = sizes_to_compare(check.options, check.package->ledger_id);
    Histories histories{{}, EventTimes(check.findings()), PreservationClock(check.findings())};
    LedgerPlace place;
    place.may_be_shared = check.is_disclosure();
    place.has_items = check.is_own_case();
    if (check.package) {
        place.ledger_id = check.package->ledger_id;
        place.sealed_at = check.package->created_at;
    }
    const ChainFacts facts = read_chain(check, place, *ledger, histories);
    if (check.package) {
        histories.times.finish(check.package->created_at, false);
        histories.preservations.finish(check.package->created_at);
    }
    if (histories.preservations.saw_any()) check.report.layers.insert(Layer::legal);
    check.report.custody = CustodyFacts{check.package ? check.package->ledger_id : "", facts.events,
                                        facts.withheld, facts.unsigned_events, to_hex(facts.link)};
    check.chain_link = facts.link;
    check_head(check, place, facts);
    AcquireEvents acquired = std::move(histories.acquired);
    for (const OriginLevel& level : check.origins) acquired = check_origin_ledger(check, level);
    check_acquire_events(check, acquired);
}

}  // namespace evidence
