// Single papers as targets: checkpoints, and statements of a transfer.
#include "verification/verify_statement.h"

#include "base/error.h"
#include "custody/ledger.h"
#include "test_pki.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"
#include "verification/outside_head.h"
#include "verification/package_editor.h"
#include "verification/verify_target.h"

using namespace evidence;
using test::failed_codes;
using test::failures;

namespace {

struct Papers {
    test::TestContext context;
    test::TemporaryFolder folder;
    TrustStore trust;
    VerificationOptions options{&trust};
    const SigningIdentity signer = test::test_pki().identity("good-ec");
    const UtcTime now = context.clock.time;

    Papers() { trust.add_anchors(test::test_pki().path("root.pem")); }

    CheckpointText head(std::uint64_t size = 3) const {
        return {ledger_origin(std::string(32, 'a')), size, {}};
    }
    fs::path checkpoint(const CheckpointText& text, bool is_signed = true) {
        const fs::path file = folder / ("cp" + random_hex_128(context.random));
        write_new_file(file, as_bytes(format_checkpoint(text)));
        if (is_signed) {
            write_new_file(file.native() + ".p7s",
                           sign_detached(as_bytes(format_checkpoint(text)), signer, now));
        }
        return file;
    }
    Close close() const {
        Close made;
        made.at = now;
        made.checkpoint = head();
        made.receipt_sha256 = made.receipt_signature_sha256 = std::string(64, 'b');
        made.sender = signer.certificate.fingerprint();
        made.transfer = "11111111-2222-4333-8444-555555555555";
        return made;
    }
    fs::path statement(const std::string& document) {
        fs::remove(folder / "close.json");
        fs::remove(folder / "close.p7s");
        store_statement(folder.path(), StatementKind::close, sign_statement(document, signer, now));
        return folder / "close.json";
    }
    std::string codes(const fs::path& target) {
        return failed_codes(verify_target(target, options, context));
    }
};

}  // namespace

TEST_CASE("a signed checkpoint by itself passes and says what it fixes") {
    Papers papers;
    const VerificationReport report =
        verify_target(papers.checkpoint(papers.head()), papers.options, papers.context);
    INFO(failures(report));
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(report.kind == TargetKind::checkpoint);
    CHECK(report.checkpoint == papers.head());
    CHECK(report.signer_certificate_sha256 == papers.signer.certificate.fingerprint());
    const Json json = report_json(report);
    CHECK(json.at("kind").string() == "checkpoint");
    CHECK(json.at("checkpoint").at("size").size() == 3);
}

TEST_CASE("a checkpoint without a signature, or with another's, does not pass") {
    Papers papers;
    CHECK(papers.codes(papers.checkpoint(papers.head(), false)) == "signature.absent");
    const fs::path file = papers.checkpoint(papers.head());
    fs::remove(file);
    write_new_file(file, as_bytes(format_checkpoint(papers.head(4))));
    CHECK(papers.codes(file) == "signature.wrong-content");
    const fs::path malformed = papers.folder / "malformed";
    write_new_file(malformed, as_bytes("evidence-ledger/1/x\nno\n"));
    CHECK(papers.codes(malformed) == "document.malformed signature.absent");
}

TEST_CASE("checkpoints of one ledger contradict each other at one size") {
    Papers papers;
    CheckpointText other = papers.head();
    other.hash[3] ^= 1;
    OutsideHeads heads;
    heads.add(papers.checkpoint(other), papers.options.judged_by(papers.now));
    papers.options.heads = &heads;
    CHECK(papers.codes(papers.checkpoint(papers.head())) == "custody.contradicts-head");
    CHECK(papers.codes(papers.checkpoint(other)) == "");
    // Of other sizes nothing can be said.
    for (const std::uint64_t size : {2, 4}) {
        const VerificationReport report =
            verify_target(papers.checkpoint(papers.head(size)), papers.options, papers.context);
        CHECK(report.verdict() == Verdict::total_passed);
        CHECK(report.findings.has("custody.behind-head"));
        CHECK(report.findings.has("custody.no-outside-head"));
    }
}

TEST_CASE("a statement by itself: its signature, its signer, its time") {
    Papers papers;
    CHECK(papers.codes(papers.statement(format_close(papers.close()))) == "");

    Close other_signer = papers.close();
    other_signer.sender = std::string(64, 'c');
    CHECK(papers.codes(papers.statement(format_close(other_signer))) == "transfer.wrong-signer");

    Close later = papers.close();
    later.at = {papers.now.milliseconds + 3'600'000};
    CHECK(papers.codes(papers.statement(format_close(later))) == "time.inconsistent");

    const fs::path file = papers.statement(format_close(papers.close()));
    fs::remove(papers.folder / "close.p7s");
    CHECK(papers.codes(file) == "signature.absent");
}

TEST_CASE("an empty time-stamp passes neither for one nor for none") {
    Papers papers;
    papers.options.required.add("timestamp");
    const fs::path file = papers.statement(format_close(papers.close()));
    CHECK(papers.codes(file) == "timestamp.absent");
    write_new_file(papers.folder / "close.tst", {});
    CHECK(papers.codes(file) == "timestamp.malformed");
}

TEST_CASE("other JSON is nothing that can be verified") {
    Papers papers;
    const fs::path file = papers.folder / "other.json";
    write_new_file(file, as_bytes("{\"format\":\"evidence-case/1\"}\n"));
    CHECK_THROWS_AS(papers.codes(file), Error);
}

TEST_CASE("what a paper cannot show is not established when it is required") {
    Papers papers;
    for (const char* word :
         {"outside-head", "signed-events", "complete-acquisition", "signers=2", "timestamp"}) {
        papers.options.required.add(word);
    }
    CHECK(papers.codes(papers.checkpoint(papers.head())) ==
          "acquisition.not-checked custody.no-outside-head custody.not-checked "
          "signature.too-few-signers timestamp.absent");
}
