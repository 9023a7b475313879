#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "case_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Codes = std::set<std::string>;

// Writes to a file in the middle of its acquisition, without a change of size.
class TouchingProgress : public SilentProgress {
public:
    explicit TouchingProgress(std::string file) : file_(std::move(file)) {}
    void advance(std::uint64_t) override {
        const timespec old[] = {{1, 0}, {1, 0}};
        ::utimensat(AT_FDCWD, file_.c_str(), old, 0);
    }

private:
    std::string file_;
};

}  // namespace

TEST_CASE("a case signed by somebody trusted passes") {
    CaseFixture fixture;
    const VerificationReport report = fixture.verify();
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(report.custody->unsigned_events == 0);
}

TEST_CASE("an acquisition record forged together with the item table fails") {
    CaseFixture fixture;
    const fs::path record = fixture.path / "items/NOTE-01/acquisition.json";
    fixture.edit(record, "\"name\":\"Officer\"", "\"name\":\"Another\"");
    fixture.tamper("UPDATE item SET acquisition_sha256 = '" +
                   sha256_hex(CaseFixture::whole(record)) + "'");
    const VerificationReport report = fixture.verify();
    INFO(text_of(report));
    CHECK(codes_of(report, Weight::failed) ==
          Codes{"acquisition.mismatch", "custody.acquire-mismatch"});
}

TEST_CASE("an item table that names another record than the event fails, whatever the file is") {
    CaseFixture fixture;
    fixture.tamper("UPDATE item SET acquisition_sha256 = '" + std::string(64, 'a') + "'");
    CHECK(codes_of(fixture.verify(), Weight::failed) == Codes{"custody.acquire-mismatch"});
}

TEST_CASE("an item key that the tags of the item's events do not come from fails") {
    CaseFixture fixture;
    fixture.tamper("UPDATE item SET item_key = x'" + std::string(32, '7') + "'");
    CHECK(codes_of(fixture.verify(), Weight::failed) == Codes{"custody.tags-wrong"});
}

TEST_CASE("a case signed by nobody trusted is indeterminate") {
    for (const char* signer : {"untrusted", "self-signed"}) {
        CaseFixture fixture(signer);
        const VerificationReport report = fixture.verify();
        INFO(text_of(report));
        CHECK(report.verdict() == Verdict::indeterminate);
        CHECK(codes_of(report, Weight::indeterminate) == Codes{"certificate.no-chain"});
        CHECK(report.findings.has("custody.signer-untrusted"));
        CHECK(report.findings.heaviest(Layer::identity) == Weight::indeterminate);
    }
}

TEST_CASE("an untrusted signer among trusted ones is a warning") {
    CaseFixture fixture;
    fixture.identity = test_pki().identity("untrusted");
    fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
    const VerificationReport report = fixture.verify();
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(report.findings.has("custody.signer-untrusted"));
}

TEST_CASE("a case that nobody signed identifies nobody") {
    CaseFixture fixture("");
    const VerificationReport report = fixture.verify();
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(codes_of(report, Weight::indeterminate) ==
          Codes{"signature.absent", "certificate.no-signer"});
    CHECK(report.custody->unsigned_events == 2);
}

TEST_CASE("an event row that is no event, or says something else than it, is a finding") {
    for (const char* change : {"bytes = x'7b7d'", "bytes = zeroblob(900000)", "tags = zeroblob(0)",
                               "digest = zeroblob(32)"}) {
        CaseFixture fixture;
        fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
        fixture.tamper("UPDATE event SET " + std::string(change) + " WHERE seq = 2");
        const VerificationReport report = fixture.verify();
        INFO(change);
        INFO(text_of(report));
        CHECK(report.verdict() == Verdict::total_failed);
        CHECK(report.custody->events == 3);
        CHECK(report.objects.at(0).intact);
    }
}

TEST_CASE("an unreadable table beside the chain is a finding, and the chain is still verified") {
    for (const char* change :
         {"UPDATE item SET id = '../x'", "UPDATE item SET acquire_seq = -1",
          "INSERT INTO checkpoint VALUES(0, 1, zeroblob(32), 'yesterday', NULL)"}) {
        CaseFixture fixture;
        fixture.tamper(change);
        const VerificationReport report = fixture.verify();
        INFO(text_of(report));
        CHECK(codes_of(report, Weight::failed).contains("custody.store-damaged"));
        CHECK(report.custody->events == 2);
    }
}

TEST_CASE("no damaged byte in the header of the store, no missing end, stops the verification") {
    CaseFixture fixture;
    const std::string intact = CaseFixture::whole(fixture.database);
    const auto verdict_of = [&](std::string_view bytes) {
        CaseFixture::overwrite(fixture.database, bytes);
        return fixture.verify().verdict();
    };
    for (std::size_t at = 0; at < 100; ++at) {
        std::string damaged = intact;
        damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
        CAPTURE(at);
        CHECK_NOTHROW(verdict_of(damaged));
    }
    for (const std::size_t size : {0, 50, 4096, 10'000, 20'000}) {
        CAPTURE(size);
        CHECK(verdict_of(std::string_view(intact).substr(0, size)) == Verdict::total_failed);
    }
    CHECK(verdict_of("not a database at all") == Verdict::total_failed);
    CHECK(verdict_of(intact) == Verdict::total_passed);
}

TEST_CASE("an object that changed while it was read is not established") {
    CaseFixture fixture;
    fixture.open();
    write_new_file(fixture.folder / "busy", as_bytes(std::string(3 * mib, 'x')));
    AcquireRequest request;
    request.source = (fixture.folder / "busy").native();
    request.item_id = "BUSY-01";
    request.author = fixture.author;
    request.tool = {"test", "1", ""};
    TouchingProgress progress(request.source);
    const Context touching{fixture.context.clock, fixture.context.random, progress,
                           fixture.context.interrupted, fixture.context.scratch.path()};
    CHECK_FALSE(acquire(*fixture.opened, request, touching).complete);
    fixture.close();
    const VerificationReport report = fixture.verify();
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(codes_of(report, Weight::indeterminate) == Codes{"acquisition.source-changed"});
    CHECK(report.findings.heaviest(Layer::acquisition) == Weight::indeterminate);
}
