// The ledger of a case: the whole chain, its signers, and the tables beside it.
#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "custody/chain_verification.h"
#include "verification/case_check.h"
#include "verification/event_times.h"
#include "verification/head_comparison.h"
#include "verification/legal_check.h"

namespace evidence {
namespace {

ChainExpectations expectations_of(const CaseCheck& check, const Ledger& ledger) {
    ChainExpectations expected;
    expected.ledger_id = ledger.id();
    expected.case_number = ledger.case_number();
    for (const ItemRow& item : check.items) {
        expected.items.insert(item.id);
        expected.item_keys[item.id] = item.key;
    }
    expected.signer_chain = [&ledger](std::string_view fingerprint) {
        return ledger.signer_chain(fingerprint);
    };
    expected.trust = check.options.trust;
    expected.weight_of_unsigned =
        check.options.weight_if_required(Requirement::signed_events, Weight::warning);
    return expected;
}

// Without one signed event by somebody the reader trusts, a chain only proves that it is a chain.
void check_signers(CaseCheck& check, const ChainFacts& facts) {
    const auto unknown = [&](const char* code, Layer layer, const char* message) {
        check.report.findings.add(code, layer, Weight::indeterminate, message, "custody.db");
    };
    if (facts.signers.empty()) {
        unknown("signature.absent", Layer::signature,
                "no event is signed, nobody vouches for this ledger");
    }
    if (!check.options.trust || !check.options.trust->has_anchors()) {
        unknown("certificate.no-chain", Layer::identity,
                "no trust anchor was given, so it is not known who signed");
    } else if (facts.signers.empty()) {
        unknown("certificate.no-signer", Layer::identity,
                "no event is signed, so there is nobody to identify");
    } else if (facts.trusted_signers.empty()) {
        unknown("certificate.no-chain", Layer::identity,
                "no signer of an event chains to a given trust anchor");
    }
}

// Checkpoints are promises that were made before: a chain that is shorter, or another one, was cut
// or replaced since.
void check_promises(CaseCheck& check, const std::map<std::uint64_t, Sha256>& links) {
    for (const CaseCheck::Promise& promise : check.promises) {
        const auto link = links.find(promise.size);
        if (link != links.end() && link->second == promise.link) continue;
        check.fail(
            "custody.head-mismatch", Layer::custody,
            "the chain is not the one of a checkpoint made at size " + std::to_string(promise.size),
            promise.where);
    }
}

void note_package(CaseCheck& check, const Event& event) {
    // Not `receive`: what arrived may have been refused.
    if (event.type == "seal") check.seals[event.seq] = event.detail.text_or("manifest_sha256", "");
    if (event.type != "seal" && event.type != "disclose" && event.type != "receipt") return;
    check.packages.insert(event.detail.text_or("manifest_sha256", ""));
}

void note_event(CaseCheck& check, const Event& event) {
    note_package(check, event);
    check_statement_event(check, event);
    if (event.type != "acquire") return;
    for (const std::string& item : event.items) {
        const auto digests = event.digests_after.find(item);
        const auto acquired = CaseCheck::Acquired{
            event.seq, event.detail.text_or("acquisition_sha256", ""),
            digests == event.digests_after.end() ? DigestSet{} : digests->second};
        if (check.acquired.try_emplace(item, acquired).second) continue;
        check.fail("custody.acquire-mismatch", Layer::custody,
                   "a second acquire event of this item",
                   item + ", event " + std::to_string(event.seq));
    }
}

// Every item has its acquire event, and every acquire event its item.
void check_item_rows(CaseCheck& check) {
    std::map<std::string, CaseCheck::Acquired> without_row = check.acquired;
    for (const ItemRow& item : check.items) {
        const auto event = check.acquired.find(item.id);
        if (event == check.acquired.end() || event->second.seq != item.acquire_seq) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "the item table names another acquire event than the chain has", item.id);
        } else if (event->second.acquisition_sha256 != item.acquisition_sha256) {
            check.fail("custody.acquire-mismatch", Layer::custody,
                       "the item table names another acquisition record than event " +
                           std::to_string(event->second.seq),
                       item.id);
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

void compare_with_outside_heads(CaseCheck& check, const Ledger& ledger, const ChainFacts& facts,
                                std::map<std::uint64_t, Sha256> links) {
    ChainAtHand chain;
    chain.where = "custody.db";
    chain.ledger_id = ledger.id();
    chain.size = facts.events;
    chain.link = facts.link;
    chain.links = std::move(links);
    chain.is_whole = true;
    chain.knows_offer = [&check](const std::string& sha256) {
        return std::any_of(
            check.statements.begin(), check.statements.end(),
            [&](const auto& statement) { return statement.second.sha256 == sha256; });
    };
    compare_with_heads(chain, check.options, check.report);
}

void read_tables(CaseCheck& check, const Ledger& ledger) {
    check.reads_store([&] { check.items = ledger.items(); });
    check.reads_store([&] { check_case_promises(check, ledger); });
}

ChainFacts read_chain(CaseCheck& check, const Ledger& ledger,
                      std::map<std::uint64_t, Sha256>& links) {
    EventTimes times(check.report.findings);
    PreservationClock preservations(check.report.findings);
    ChainVerifier verifier(expectations_of(check, ledger), check.report.findings);
    check.reads_store([&] {
        ledger.visit_foreign(
            [&](const LedgerLine& line) {
                check.context.check_interrupted();
                if (line.event) {
                    note_event(check, *line.event);
                    times.add(*line.event);
                    preservations.add(*line.event);
                    check.report.history.add(*line.event);
                }
                if (const auto link = links.find(line.seq + 1); link != links.end()) {
                    link->second = line.link;
                }
                verifier.add(line);
            },
            [&](const std::string& message) { verifier.add_malformed(message); });
    });
    times.finish(check.report.checked_at, true);
    preservations.finish(check.report.checked_at);
    if (preservations.saw_any()) check.report.layers.insert(Layer::legal);
    return verifier.finish();
}

}  // namespace

bool CaseCheck::reads_store(const std::function<void()>& action) {
    try {
        action();
        return true;
    } catch (const Error& error) {
        // A failing disk is no answer; another version is one we cannot say anything else about.
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) throw;
        fail("custody.store-damaged", Layer::custody, error.message(), "custody.db");
        return false;
    }
}

void check_case_ledger(CaseCheck& check, const Ledger& ledger) {
    read_tables(check, ledger);
    note_case_packages(check, ledger);
    // By size, where a checkpoint was made or somebody else holds one.
    std::map<std::uint64_t, Sha256> links = sizes_to_compare(check.options, ledger.id());
    for (const CaseCheck::Promise& promise : check.promises) links.try_emplace(promise.size);
    const ChainFacts facts = read_chain(check, ledger, links);
    check.report.custody = CustodyFacts{ledger.id(), facts.events, facts.withheld,
                                        facts.unsigned_events, to_hex(facts.link)};
    check_signers(check, facts);
    check_promises(check, links);
    check_unrecorded_statements(check);
    check_item_rows(check);
    check.report.findings.add("timestamp.absent", Layer::time,
                              check.options.weight_of_absent_time_stamp(),
                              "the times of the events are only their writers' word", "custody.db");
    compare_with_outside_heads(check, ledger, facts, std::move(links));
}

}  // namespace evidence
