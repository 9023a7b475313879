// The ledger of a case: the whole chain, its signers, and the tables beside it.
#include "base/hex.h"
#include "custody/chain_verification.h"
#include "verification/case_check.h"

namespace evidence {
namespace {

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

}  // namespace

void check_case_ledger(CaseCheck& check, const Ledger& ledger) {
    ChainVerifier verifier(expectations_of(check, ledger), check.report.findings);
    std::map<std::uint64_t, Sha256> links;  // by size, where a checkpoint was made
    for (const CheckpointRow& row : ledger.checkpoints()) links[row.text.size] = {};
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        check.context.check_interrupted();
        if (line.event && line.event->type == "acquire") {
            for (const auto& [item, digests] : line.event->digests_after) {
                check.acquired.try_emplace(item, CaseCheck::Acquired{line.seq, digests});
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

}  // namespace evidence
