#include "custody/chain_verification.h"

#include <doctest/doctest.h>

#include <functional>

#include "base/atomic_file.h"
#include "base/error.h"
#include "custody/ledger_extract.h"
#include "custody_fixture.h"
#include "signature/raw_signature.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Codes = std::set<std::string>;

struct Result {
    Findings findings;
    ChainFacts facts;
    Codes codes() const {
        Codes codes;
        for (const Finding& finding : findings.all()) codes.insert(finding.code);
        return codes;
    }
};

Result verify(const std::vector<LedgerLine>& lines, const ChainExpectations& expectations) {
    Result result;
    ChainVerifier verifier(expectations, result.findings);
    for (const LedgerLine& line : lines) verifier.add(line);
    result.facts = verifier.finish();
    return result;
}

ChainExpectations sample_expectations() {
    ChainExpectations expectations;
    expectations.ledger_id = sample_ledger_id;
    expectations.case_number = sample_case_number;
    expectations.item_keys = {{"DISK-01", item_key("9e6dc4df9e58a3c005c79f293fe93fcd")},
                              {"MAIL-01", item_key("27e1948e8a20be768704435b53cc9a2f")}};
    expectations.items = {"DISK-01", "MAIL-01"};
    expectations.not_later_than = parse_utc("2026-11-22T01:15:38.000Z");
    expectations.signer_chain = [](std::string_view fingerprint) {
        auto chain = load_certificates(sample_folder + "signer.pem");
        if (chain.at(0).fingerprint() != fingerprint) chain.clear();
        return chain;
    };
    return expectations;
}

std::vector<LedgerLine> parsed_sample() {
    std::vector<LedgerLine> lines;
    for (const std::string& text : sample_lines()) {
        lines.push_back(parse_ledger_line(text, "sample"));
    }
    return lines;
}

// A ledger of our own: everything about it can be changed and written anew, as an insider could.
struct OwnLedger : LedgerInFolder {
    SigningIdentity identity = make_identity();
    std::vector<LedgerLine> all;

    OwnLedger() {
        acquire("DISK-01", &identity);   // 1
        acquire("PHONE-01", &identity);  // 2
        append("move", {"DISK-01"});     // 3
        append("store", {"DISK-01"});    // 4
        all = lines();
    }
    void append(const std::string& type, std::vector<std::string> items) {
        ledger.append(draft(type, std::move(items)), author(&identity), context);
    }
    ChainExpectations expectations() {
        ChainExpectations given;
        given.ledger_id = ledger.id();
        given.case_number = "C-1";
        for (const ItemRow& row : ledger.items()) {
            given.item_keys.emplace(row.id, row.key);
            given.items.insert(row.id);
        }
        given.signer_chain = [this](std::string_view signer) {
            return ledger.signer_chain(signer);
        };
        return given;
    }
    // Changes an event; its bytes, digest and signature follow, links only with relink().
    void rewrite(std::size_t index, const std::function<void(Event&)>& change, bool sign = true) {
        LedgerLine& line = all.at(index);
        change(*line.event);
        line.event_bytes = event_bytes(*line.event);
        line.event_bytes_digest = sha256(line.event_bytes);
        if (sign && line.event->actor.is_signed()) {
            line.signature = sign_raw(identity.key, as_bytes(signed_message(line.event_bytes)));
        }
    }
    void relink() {
        Sha256 link = first_link(ledger.id());
        for (LedgerLine& line : all) {
            link = next_link(link, event_digest(line.tags, line.event_bytes_digest));
            line.link = link;
        }
    }
    void withhold(std::size_t index) {
        LedgerLine& line = all.at(index);
        line.event.reset();
        line.event_bytes.clear();
        line.signature.clear();
        line.signer.clear();
    }
    void reset() { all = lines(); }
    Codes codes() { return verify(all, expectations()).codes(); }
};

const Codes untouched = {"custody.unsigned-events"};  // the open event of the fixture

}  // namespace

TEST_CASE("the independent sample holds") {
    const Result result = verify(parsed_sample(), sample_expectations());
    CHECK(result.codes().empty());
    CHECK(result.facts.events == 5);
    CHECK(result.facts.withheld == 1);
    CHECK(result.facts.unsigned_events == 0);
    CHECK(result.facts.signers.size() == 1);
    CHECK(result.facts.event_types.at("acquire") == 2);
    CHECK(to_hex(result.facts.link) ==
          "994aa1a3f65853731816e155d26909f1d991afddca06f86468ac9f3325ce90ec");
}

TEST_CASE("the sample's signer is trusted with its anchor and untrusted with another") {
    ChainExpectations expectations = sample_expectations();
    TrustStore right;
    right.add_anchors(EVIDENCE_TESTS_DIR "/vectors/sample-ca.crt");
    expectations.trust = &right;
    CHECK(verify(parsed_sample(), expectations).codes().empty());
    TrustStore none;
    expectations.trust = &none;
    const Result result = verify(parsed_sample(), expectations);
    CHECK(result.codes() == Codes{"custody.signer-untrusted"});
    CHECK(result.findings.all().size() == 1);  // once per signer
    CHECK(result.findings.verdict() == Verdict::total_passed);
}

TEST_CASE("our own ledger holds and its unsigned event is counted") {
    OwnLedger own;
    const Result result = verify(own.all, own.expectations());
    CHECK(result.codes() == untouched);
    CHECK(result.facts.unsigned_events == 1);
    CHECK(result.findings.verdict() == Verdict::total_passed);
    CHECK(result.facts.link == own.ledger.head().hash);
}

TEST_CASE("an edited event breaks the link") {
    OwnLedger own;
    own.rewrite(1, [](Event& event) { event.place = "Elsewhere"; });
    CHECK(own.codes() == Codes{"custody.link-broken", "custody.unsigned-events"});
}

TEST_CASE("an event edited without its key breaks the signature even when all links are redone") {
    OwnLedger own;
    own.rewrite(
        1, [](Event& event) { event.place = "Elsewhere"; }, false);
    own.relink();
    CHECK(own.codes() == Codes{"custody.signature-invalid", "custody.unsigned-events"});
}

TEST_CASE("edited tags break the link, edited digests of withheld events too") {
    OwnLedger own;
    own.all[2].tags[127] ^= 1;
    CHECK(own.codes().contains("custody.link-broken"));
    own.reset();
    own.withhold(2);
    own.all[2].event_bytes_digest[0] ^= 1;
    CHECK(own.codes().contains("custody.link-broken"));
}

TEST_CASE("a deleted event leaves a gap, and only that") {
    OwnLedger own;
    own.all.erase(own.all.begin() + 3);
    CHECK(own.codes() == Codes{"custody.gap", "custody.unsigned-events"});
}

TEST_CASE("a deleted event cannot be covered by renumbering") {
    OwnLedger own;
    own.all.erase(own.all.begin() + 3);
    own.all[3].seq = 3;  // the event itself still says 4
    own.rewrite(3, [](Event& event) { event.seq = 3; });
    CHECK(own.codes().contains("custody.link-broken"));
}

TEST_CASE("inserted, doubled and reordered events stand out of place") {
    OwnLedger own;
    LedgerLine copy = own.all[3];
    own.all.insert(own.all.begin() + 3, copy);
    CHECK(own.codes() == Codes{"custody.gap", "custody.unsigned-events"});
    own.all.erase(own.all.begin() + 3);
    std::swap(own.all[3], own.all[4]);
    CHECK(own.codes() == Codes{"custody.gap", "custody.unsigned-events"});
}

TEST_CASE("an event inserted with all later ones renumbered breaks their signatures") {
    OwnLedger own;
    LedgerLine copy = own.all[3];
    own.all.insert(own.all.begin() + 3, copy);
    own.all[4].seq = 4;
    own.all[5].seq = 5;
    own.rewrite(
        4, [](Event& event) { event.seq = 4; }, false);
    own.rewrite(
        5, [](Event& event) { event.seq = 5; }, false);
    own.relink();
    CHECK(own.codes().contains("custody.signature-invalid"));
    CHECK(own.codes().contains("custody.tags-wrong"));
    CHECK_FALSE(own.codes().contains("custody.link-broken"));
}

TEST_CASE("a stripped signature is found, with and without the actor's word") {
    OwnLedger own;
    own.all[3].signature.clear();
    own.all[3].signer.clear();
    CHECK(own.codes() == Codes{"custody.signature-stripped", "custody.unsigned-events"});
    own.reset();
    own.rewrite(3, [](Event& event) {
        event.actor.certificate_sha256.clear();
        event.actor.algorithm.clear();
    });
    own.relink();
    CHECK(own.codes() == Codes{"custody.signature-stripped", "custody.unsigned-events"});
    own.reset();
    own.all[3].signer = std::string(64, '0');
    CHECK(own.codes() == Codes{"custody.signature-stripped", "custody.unsigned-events"});
}

TEST_CASE("a signature by another key or under another algorithm is refused") {
    OwnLedger own;
    own.all[3].signature = own.all[4].signature;
    CHECK(own.codes() == Codes{"custody.signature-invalid", "custody.unsigned-events"});
    own.reset();
    own.rewrite(3, [](Event& event) { event.actor.algorithm = "ecdsa-sha384"; });
    own.relink();
    CHECK(own.codes() == Codes{"custody.signature-invalid", "custody.unsigned-events"});
}

TEST_CASE("a signer whose certificate is missing, wrong or unreadable is unknown") {
    OwnLedger own;
    const Codes unknown = {"custody.signer-unknown", "custody.unsigned-events"};
    ChainExpectations expectations = own.expectations();
    expectations.signer_chain = nullptr;
    CHECK(verify(own.all, expectations).codes() == unknown);
    expectations.signer_chain = [](std::string_view) {
        return std::vector<Certificate>{make_identity().certificate};
    };
    CHECK(verify(own.all, expectations).codes() == unknown);
    expectations.signer_chain = [](std::string_view) -> std::vector<Certificate> {
        throw Error(ErrorKind::malformed, "not a certificate");
    };
    CHECK(verify(own.all, expectations).codes() == unknown);
}

TEST_CASE("a withheld event about an item at hand is found by its tag") {
    OwnLedger own;
    own.withhold(2);
    ChainExpectations expectations = own.expectations();
    expectations.items = {"DISK-01"};
    expectations.item_keys.erase("PHONE-01");
    CHECK(verify(own.all, expectations).codes() == untouched);
    own.withhold(3);
    CHECK(verify(own.all, expectations).codes() ==
          Codes{"custody.hidden-event", "custody.unsigned-events"});
}

TEST_CASE("without an item's key nothing is claimed about withheld events") {
    OwnLedger own;
    ChainExpectations expectations = own.expectations();
    expectations.item_keys.erase("PHONE-01");
    CHECK(verify(own.all, expectations).codes() == untouched);
    own.withhold(1);
    expectations.item_keys.erase("DISK-01");
    const Result result = verify(own.all, expectations);
    CHECK(result.codes() == Codes{"custody.relevance-not-provable", "custody.unsigned-events"});
    CHECK(result.findings.verdict() == Verdict::total_passed);
}

TEST_CASE("a shown event without the tags of its items is mistagged") {
    OwnLedger own;
    own.all[3].tags = make_tags({}, own.ledger.id(), 3, own.context.random);
    own.relink();
    CHECK(own.codes() == Codes{"custody.tags-wrong", "custody.unsigned-events"});
    own.reset();
    const ItemKey key = own.ledger.items()[0].key;
    own.all[3].tags =
        make_tags(std::vector<ItemKey>(9, key), own.ledger.id(), 3, own.context.random);
    own.relink();
    CHECK(own.codes() == Codes{"custody.tags-wrong", "custody.unsigned-events"});
    own.reset();
    own.withhold(2);
    own.all[2].tags.clear();
    own.relink();
    CHECK(own.codes() == Codes{"custody.tags-wrong", "custody.unsigned-events"});
}

TEST_CASE("events of another ledger or case are refused") {
    OwnLedger own;
    own.rewrite(4, [](Event& event) { event.case_number = "C-2"; });
    own.relink();
    CHECK(own.codes() == Codes{"custody.wrong-case", "custody.unsigned-events"});
    own.reset();
    own.rewrite(4, [](Event& event) { event.ledger = std::string(32, '0'); });
    own.relink();
    CHECK(own.codes() == Codes{"custody.wrong-ledger", "custody.unsigned-events"});
    own.reset();
    ChainExpectations other = own.expectations();
    other.ledger_id = std::string(32, '0');
    CHECK(verify(own.all, other).codes().contains("custody.link-broken"));
}

TEST_CASE("event 0 and no other opens a ledger, in full") {
    OwnLedger own;
    own.withhold(0);
    CHECK(own.codes() == Codes{"custody.open-missing"});
    own.reset();
    own.rewrite(0, [](Event& event) { event.type = "incident"; });
    own.rewrite(4, [](Event& event) { event.type = "open"; });
    own.relink();
    const Result result = verify(own.all, own.expectations());
    CHECK(result.codes() == Codes{"custody.open-missing", "custody.unsigned-events"});
    CHECK(result.findings.all().size() == 3);
    CHECK(verify({}, own.expectations()).codes() == Codes{"custody.open-missing"});
}

TEST_CASE("a chain that does not start at event 0 has a gap") {
    OwnLedger own;
    own.all.erase(own.all.begin());
    CHECK(own.codes() == Codes{"custody.gap"});
}

TEST_CASE("an event later than the package or outside the certificate is inconsistent") {
    OwnLedger own;
    ChainExpectations expectations = own.expectations();
    expectations.not_later_than = own.context.clock.time;
    CHECK(verify(own.all, expectations).codes() == untouched);
    expectations.not_later_than->milliseconds -= 1;
    CHECK(verify(own.all, expectations).codes() ==
          Codes{"time.inconsistent", "custody.unsigned-events"});
    for (const int days : {-1, 4000}) {
        own.reset();
        own.rewrite(4, [&](Event& event) { event.at.milliseconds += days * 86'400'000ll; });
        own.relink();
        CHECK(own.codes() == Codes{"time.inconsistent", "custody.unsigned-events"});
    }
}

TEST_CASE("an event from before the certificate counts when it was written down later") {
    OwnLedger own;
    EventDraft event = draft("seize");
    event.at = UtcTime{own.context.clock.time.milliseconds - 30 * 86'400'000ll};
    own.ledger.append(event, author(&own.identity), own.context);
    own.all = own.lines();
    CHECK(own.codes() == untouched);
}

TEST_CASE("a line that cannot be read is one finding, not the end") {
    OwnLedger own;
    Result result;
    ChainVerifier verifier(own.expectations(), result.findings);
    verifier.add(own.all[0]);
    verifier.add_malformed("not a ledger line");
    for (std::size_t i = 2; i < own.all.size(); ++i) verifier.add(own.all[i]);
    result.facts = verifier.finish();
    CHECK(result.codes() == Codes{"custody.event-malformed", "custody.unsigned-events"});
    CHECK(result.facts.events == 5);
}

TEST_CASE("what an extract shows verifies with the keys of its items") {
    OwnLedger own;
    std::vector<LedgerLine> shown;
    extract_ledger(own.ledger, 5, {"PHONE-01"}, [&](std::string_view line) {
        shown.push_back(parse_ledger_line(line.substr(0, line.size() - 1), "extract"));
    });
    ChainExpectations expectations = own.expectations();
    expectations.items = {"PHONE-01"};
    expectations.item_keys.erase("DISK-01");
    const Result result = verify(shown, expectations);
    CHECK(result.codes() == untouched);
    CHECK(result.facts.withheld == 3);
    CHECK(result.facts.link == own.ledger.head().hash);
}

TEST_CASE("a package shows no event that its receiver does not need") {
    OwnLedger own;
    ChainExpectations expectations = own.expectations();
    expectations.of_package = true;
    CHECK(verify(own.all, expectations).codes() == untouched);  // all items are in the package
    expectations.items = {"PHONE-01"};
    CHECK(verify(own.all, expectations).codes() ==
          Codes{"custody.shown-without-need", "custody.unsigned-events"});
    expectations.of_package = false;  // a case shows everything
    CHECK(verify(own.all, expectations).codes() == untouched);
    own.rewrite(4, [](Event& event) { event.items.clear(); });
    own.relink();
    expectations = own.expectations();
    expectations.of_package = true;
    CHECK(verify(own.all, expectations).codes().contains("custody.shown-without-need"));
}

TEST_CASE("each event is asked about when it was written: one after a revocation is reported") {
    LedgerInFolder own;
    const SigningIdentity identity = test_pki().identity("revoked");  // on 2024-01-01
    const auto append_at = [&](const char* time) {
        own.context.clock.time = parse_utc(time).value();
        own.ledger.append(draft("move"), author(&identity), own.context);
    };
    append_at("2023-06-01T00:00:00.000Z");  // 1
    append_at("2023-07-01T00:00:00.000Z");
    append_at("2024-07-01T00:00:00.000Z");  // 3
    append_at("2023-06-15T00:00:00.000Z");
    append_at("2024-08-01T00:00:00.000Z");  // 5
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    ChainExpectations expectations;
    expectations.ledger_id = own.ledger.id();
    expectations.case_number = "C-1";
    expectations.signer_chain = [&](std::string_view signer) {
        return own.ledger.signer_chain(signer);
    };
    expectations.trust = &trust;
    CHECK(verify(own.lines(), expectations).codes() == untouched);
    trust.add_revocation_lists(test_pki().path("crl.pem"));
    const Result result = verify(own.lines(), expectations);
    std::vector<std::string> places;
    for (const Finding& finding : result.findings.all()) {
        if (finding.code == "custody.signer-untrusted") places.push_back(finding.where);
    }
    CHECK(places == std::vector<std::string>{"event 3", "event 5"});
    CHECK(result.facts.trusted_signers ==
          std::set<std::string>{identity.certificate.fingerprint()});
}

TEST_CASE("a signer whose certificates do not fit is looked up once, and every event is reported") {
    OwnLedger own;
    const SigningIdentity other = make_identity();
    ChainExpectations expectations = own.expectations();
    std::size_t calls = 0;
    const auto failed_events = [&] {
        std::size_t count = 0;
        const Result result = verify(own.all, expectations);
        for (const Finding& finding : result.findings.all()) {
            count += finding.code == "custody.signer-unknown" ? 1 : 0;
        }
        return count;
    };
    expectations.signer_chain = [&](std::string_view) -> std::vector<Certificate> {
        ++calls;
        return {other.certificate};
    };
    CHECK(failed_events() == 4);
    CHECK(calls == 1);
    expectations.signer_chain = [&](std::string_view) -> std::vector<Certificate> {
        ++calls;
        throw Error(ErrorKind::crypto, "no certificate inside");
    };
    CHECK(failed_events() == 4);
    CHECK(calls == 2);
}

TEST_CASE("a signer counts as trusted only for a signature that holds") {
    OwnLedger own;
    TrustStore trust;
    write_new_file(own.folder / "anchor.pem", as_bytes(own.identity.certificate.pem()));
    trust.add_anchors(own.folder / "anchor.pem");
    ChainExpectations expectations = own.expectations();
    expectations.trust = &trust;
    CHECK(verify(own.all, expectations).facts.trusted_signers.size() == 1);
    for (LedgerLine& line : own.all) {
        if (!line.signature.empty()) line.signature.back() ^= 1;
    }
    CHECK(verify(own.all, expectations).facts.trusted_signers.empty());
}
