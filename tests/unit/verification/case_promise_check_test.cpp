#include <doctest/doctest.h>

#include "case_fixture.h"
#include "signature/cms_signature.h"
#include "transfer/transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Codes = std::set<std::string>;

// Both cases after a transfer went its whole way. The sender's item has no files, and its acquire
// event names no record.
struct TransferredCase : TransferFixture {
    SentTransfer sent = send();
    VerificationOptions options{&trust};

    TransferredCase() {
        receive(sent.folder);
        close(sent);
    }
    VerificationReport verify(const std::string& party) {
        return verify_case(folder / party, options, context);
    }
    void tamper(const std::string& party, const std::string& sql) {
        tamper_with(folder / party / "custody.db", sql);
    }
};

Codes codes_beside_content(const VerificationReport& report) {
    Codes codes = codes_of(report, Weight::failed);
    codes.erase("payload.missing");
    codes.erase("custody.acquire-mismatch");
    return codes;
}

}  // namespace

TEST_CASE("the statements of a transfer hold in the cases of both sides") {
    TransferredCase transferred;
    for (const char* party : {"sender", "recipient"}) {
        const VerificationReport report = transferred.verify(party);
        INFO(text_of(report));
        CHECK(codes_beside_content(report).empty());
        CHECK_FALSE(report.findings.has("custody.statement-not-recorded"));
        CHECK_FALSE(report.findings.has("custody.signer-untrusted"));
    }
}

TEST_CASE("a statement changed in the store fails by its signature and by the events") {
    TransferredCase transferred;
    transferred.tamper("recipient",
                       "UPDATE statement SET document = replace(document, 'TOTAL-PASSED', "
                       "'INDETERMINATE') WHERE kind = 'receipt'");
    const VerificationReport report = transferred.verify("recipient");
    INFO(text_of(report));
    CHECK(codes_beside_content(report) ==
          Codes{"signature.wrong-content", "custody.statement-mismatch"});
}

TEST_CASE("a statement removed from the store, or one that no event names, is reported") {
    TransferredCase transferred;
    transferred.tamper("sender", "DELETE FROM statement WHERE kind = 'close'");
    CHECK(codes_beside_content(transferred.verify("sender")) == Codes{"custody.statement-missing"});
    transferred.tamper("recipient",
                       "UPDATE statement SET transfer = '00000000-0000-4000-8000-000000000000' "
                       "WHERE kind = 'receipt'");
    const VerificationReport report = transferred.verify("recipient");
    CHECK(codes_beside_content(report) ==
          Codes{"custody.statement-missing", "transfer.other-transfer"});
    CHECK(report.findings.has("custody.statement-not-recorded"));
}

TEST_CASE("statements of somebody unknown here are a warning") {
    TransferredCase transferred;
    transferred.trust = TrustStore();
    transferred.trust.add_anchors(test_pki().path("other-root.pem"));
    const VerificationReport report = transferred.verify("sender");
    CHECK(report.findings.has("custody.signer-untrusted"));
    CHECK(codes_beside_content(report).empty());
}

TEST_CASE("the signature of a kept checkpoint and what it says are held against the chain") {
    CaseFixture fixture;
    fixture.open();
    Ledger& ledger = fixture.opened->ledger();
    const CheckpointText head = ledger.head();
    ledger.add_checkpoint({head, fixture.context.clock.now(),
                           sign_detached(as_bytes(format_checkpoint(head)), *fixture.identity,
                                         fixture.context.clock.now())});
    fixture.close();
    CHECK(fixture.verify().verdict() == Verdict::total_passed);
    fixture.tamper("UPDATE checkpoint SET size = 1");
    CHECK(codes_of(fixture.verify(), Weight::failed) ==
          Codes{"signature.wrong-content", "custody.head-mismatch"});
    fixture.tamper("UPDATE checkpoint SET size = 2, signature = x'3000'");
    CHECK(codes_of(fixture.verify(), Weight::failed) == Codes{"signature.malformed"});
}

TEST_CASE("the head in a statement of ours stands when the table of checkpoints was emptied") {
    TransferredCase transferred;
    transferred.tamper("sender", "DELETE FROM checkpoint; DELETE FROM event WHERE seq >= 2");
    CHECK(codes_beside_content(transferred.verify("sender")).contains("custody.head-mismatch"));
}

TEST_CASE("a copy of a statement that its signer did not sign is no promise") {
    TransferredCase transferred;
    const fs::path kept =
        transferred.folder / "sender/transfers" / transferred.sent.folder.filename();
    REQUIRE(fs::exists(kept / "offer.json"));
    std::string text = read_small_file(kept / "offer.json", mib);
    const std::size_t at = text.find("\"checkpoint\":{");
    REQUIRE(at != std::string::npos);
    const std::string member = "\"size\":";
    const std::size_t size = text.find(member, at) + member.size();
    text[size] = text[size] == '9' ? '1' : static_cast<char>(text[size] + 1);
    fs::remove(kept / "offer.json");
    write_new_file(kept / "offer.json", as_bytes(text));
    const VerificationReport report = transferred.verify("sender");
    INFO(text_of(report));
    CHECK(codes_beside_content(report).empty());
    CHECK(codes_of(report, Weight::warning).contains("custody.statement-copy-invalid"));
    CHECK_FALSE(report.findings.has("custody.head-mismatch"));
}

TEST_CASE("a package without an event in the case is said") {
    CaseFixture fixture;
    const fs::path package = fixture.path / "packages/left.asice";
    write_small_package(package, 1000);
    write_new_file(fixture.path / "packages/notes.txt", as_bytes("no package"));
    const VerificationReport report = fixture.verify();
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(codes_of(report, Weight::warning).contains("custody.seal-not-recorded"));
    EventDraft seal = CaseFixture::draft("seal", {"NOTE-01"});
    seal.detail = Json::object({{"manifest_sha256", sha256_hex(small_manifest)}});
    fixture.append(seal);
    CHECK_FALSE(fixture.verify().findings.has("custody.seal-not-recorded"));
}

TEST_CASE("a report about a transfer names every layer in which it found something") {
    TransferredCase transferred;
    const VerificationReport report =
        verify_transfer(transferred.sent.folder, transferred.options, transferred.context);
    CHECK(report.verdict() == Verdict::total_passed);
    transferred.context.clock.time.milliseconds -= 3'600'000;
    const VerificationReport early =
        verify_transfer(transferred.sent.folder, transferred.options, transferred.context);
    CHECK(early.findings.has("transfer.time-inconsistent"));
    for (const Finding& finding : early.findings.all()) CHECK(early.layers.contains(finding.layer));
}
