// The ledger extract of a package: the chain, who signed, and that acquisitions recorded there are
// those of the objects.
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "custody/chain_verification.h"
#include "custody/ledger.h"
#include "verification/entry_hash.h"

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

std::string signer_entry(std::string_view fingerprint) {
    return "custody/signers/" + std::string(fingerprint) + ".pem";
}

// The certificates of one signer, leaf first; empty when the package has none that fit.
std::vector<Certificate> read_signer(const PackageCheck& check, std::string_view fingerprint) {
    const std::string name = signer_entry(fingerprint);
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

ChainExpectations expectations_of(const PackageCheck& check) {
    ChainExpectations expected;
    if (check.package) {
        expected.ledger_id = check.package->ledger_id;
        expected.case_number = check.package->case_number;
        expected.not_later_than = check.package->created_at;
    }
    expected.of_package = true;
    for (const ItemFacts& item : check.items) {
        expected.items.insert(item.item);
        if (item.key) expected.item_keys[item.item] = *item.key;
    }
    expected.signer_chain = [&check](std::string_view fingerprint) {
        return read_signer(check, fingerprint);
    };
    expected.trust = check.options.trust;
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

ChainFacts read_chain(PackageCheck& check, const ZipEntry& ledger, AcquireEvents& acquired) {
    ChainVerifier verifier(expectations_of(check), check.findings());
    ItemNames items;
    for (const ItemFacts& item : check.items) items.insert(item.item);
    HashedLines lines(check, ledger);
    while (const auto text =
               lines.next(check.findings(), "custody.event-malformed", Layer::custody)) {
        try {
            const LedgerLine line = parse_ledger_line(*text, lines.where());
            if (line.event) {
                note_acquire_event(check, items, *line.event, acquired);
                check.report.history.add(*line.event);
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

void check_head(PackageCheck& check, const ChainFacts& facts) {
    if (check.package &&
        (check.package->ledger_size != facts.events || check.package->ledger_link != facts.link)) {
        check.fail("custody.head-mismatch", Layer::custody,
                   "size and link are not those of the chain", "package.json");
    }
    const std::optional<std::string> text = check.text_of("custody/checkpoint");
    if (!text) return;
    try {
        const CheckpointText head = parse_checkpoint(*text, "custody/checkpoint");
        const bool same_ledger =
            !check.package || head.origin == ledger_origin(check.package->ledger_id);
        if (!same_ledger || head.size != facts.events || head.hash != facts.link) {
            check.fail("custody.head-mismatch", Layer::custody,
                       "the checkpoint is not that of the chain", "custody/checkpoint");
        }
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), "custody/checkpoint");
    }
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

}  // namespace

void check_custody(PackageCheck& check) {
    const ZipEntry* ledger = check.structure.find("custody/ledger.jsonl");
    if (!ledger) return;
    AcquireEvents acquired;
    const ChainFacts facts = read_chain(check, *ledger, acquired);
    check.report.custody = CustodyFacts{check.package ? check.package->ledger_id : "", facts.events,
                                        facts.withheld, facts.unsigned_events, to_hex(facts.link)};
    check_head(check, facts);
    check_acquire_events(check, acquired);
    check.findings().add("custody.no-outside-head", Layer::custody, Weight::info,
                         "no checkpoint held by others was compared: later events that were cut "
                         "off cannot be excluded",
                         "custody/checkpoint");
}

}  // namespace evidence
