#include "transfer/transfer_check.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// A transfer that went its whole way.
struct Whole : TransferFixture {
    SentTransfer sent;

    explicit Whole(PartForm form = PartForm::encrypted) {
        SendRequest wanted = request();
        wanted.form = form;
        wanted.answer_by = UtcTime{context.clock.time.milliseconds + 3'600'000};
        sent = send(wanted);
        receive(sent.folder);
        close(sent);
    }
    Findings check() { return check_transfer(sent.folder, trust, trust, context); }
    fs::path operator/(const char* name) const { return sent.folder / name; }
};

bool has(const Findings& findings, std::string_view code, Weight weight) {
    for (const Finding& finding : findings.all()) {
        if (finding.code == code && finding.weight == weight) return true;
    }
    return false;
}

void replace_signed(const fs::path& folder, StatementKind kind, const std::string& document,
                    const std::string& signer, UtcTime at) {
    overwrite(folder / document_name(kind), document);
    overwrite(folder / signature_name(kind),
              as_text(sign_detached(as_bytes(document), test_pki().identity(signer), at)));
}

}  // namespace

TEST_CASE("a whole transfer passes, encrypted or in clear") {
    for (const PartForm form : {PartForm::encrypted, PartForm::clear}) {
        Whole transfer(form);
        const Findings findings = transfer.check();
        CHECK(findings.verdict() == Verdict::total_passed);
        CHECK(findings.has("transfer.encrypted") == (form == PartForm::encrypted));
        for (const Finding& finding : findings.all()) CHECK(finding.weight == Weight::info);
    }
}

TEST_CASE("without an anchor the parties are not established") {
    Whole transfer;
    const Findings findings = check_transfer(transfer.sent.folder, transfer.no_trust,
                                             transfer.no_trust, transfer.context);
    CHECK(findings.verdict() == Verdict::indeterminate);
    CHECK(findings.has("certificate.no-chain"));
    CHECK(has(findings, "transfer.recipient-unknown", Weight::indeterminate));
}

TEST_CASE(
    "a certificate that has expired since leaves a transfer undecided, as it does a package") {
    Whole transfer;
    transfer.context.clock.time = parse_utc("2050-06-01T00:00:00.000Z").value();
    const Findings findings = transfer.check();
    CHECK(findings.verdict() == Verdict::indeterminate);
    CHECK(has(findings, "certificate.expired", Weight::indeterminate));
    const std::string offer = whole(transfer / "offer.json");
    replace_signed(transfer.sent.folder, StatementKind::offer, offer, "expired",
                   transfer.sent.offer.created_at);
    CHECK(has(transfer.check(), "certificate.expired", Weight::failed));
}

TEST_CASE("where a transfer stands is said") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const auto check = [&] {
        return check_transfer(sent.folder, fixture.trust, fixture.trust, fixture.context);
    };
    CHECK(has(check(), "transfer.unanswered", Weight::info));
    fixture.receive(sent.folder);
    CHECK(has(check(), "transfer.not-closed", Weight::info));
    fixture.close(sent);
    CHECK_FALSE(check().has("transfer.not-closed"));
}

TEST_CASE("a refusal is said") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive(sent.folder, Verdict::total_failed);
    const Findings findings =
        check_transfer(sent.folder, fixture.trust, fixture.trust, fixture.context);
    CHECK(has(findings, "transfer.refused", Weight::info));
    CHECK(findings.verdict() == Verdict::total_passed);
}

TEST_CASE("every byte of every statement and signature is covered") {
    Whole transfer;
    for (const char* stem : {"offer", "receipt", "close"}) {
        for (const char* extension : {".json", ".p7s"}) {
            const fs::path path = transfer.sent.folder / (std::string(stem) + extension);
            const std::string good = whole(path);
            const std::size_t step = good.size() / 40 + 1;
            for (std::size_t at = 0; at < good.size(); at += step) {
                CAPTURE(path);
                CAPTURE(at);
                flip_byte(path, at);
                CHECK(transfer.check().verdict() == Verdict::total_failed);
                overwrite(path, good);
            }
        }
    }
    CHECK(transfer.check().verdict() == Verdict::total_passed);
}

TEST_CASE("what is missing is named") {
    const std::pair<const char*, const char*> cases[] = {
        {"offer.p7s", "transfer.file-missing"},      {"receipt.p7s", "transfer.file-missing"},
        {"close.p7s", "transfer.file-missing"},      {"close.json", "transfer.file-missing"},
        {"key.p7m", "transfer.file-missing"},        {"parts.txt", "transfer.file-missing"},
        {"part-000003.p7m", "transfer.part-missing"}};
    Whole transfer;
    for (const auto& [name, code] : cases) {
        CAPTURE(name);
        const std::string good = whole(transfer / name);
        fs::remove(transfer / name);
        CHECK(has(transfer.check(), code, Weight::failed));
        overwrite(transfer / name, good);
    }
    CHECK(transfer.check().verdict() == Verdict::total_passed);
}

TEST_CASE("an empty time-stamp does not pass for one") {
    Whole transfer;
    for (const char* name : {"offer.tst", "receipt.tst", "close.tst"}) {
        CAPTURE(name);
        overwrite(transfer / name, "");
        CHECK(has(transfer.check(), "transfer.statement-malformed", Weight::failed));
        fs::remove(transfer / name);
    }
    CHECK(transfer.check().verdict() == Verdict::total_passed);
}

TEST_CASE("a close without its receipt is one too many") {
    Whole transfer;
    fs::remove(transfer / "receipt.json");
    fs::remove(transfer / "receipt.p7s");
    CHECK(has(transfer.check(), "transfer.receipt-missing", Weight::failed));
}

TEST_CASE("wrong parts are explained") {
    Whole transfer;
    const SentTransfer other = transfer.send();
    SUBCASE("damaged") {
        flip_byte(transfer / "part-000001.p7m", 30'000);
        CHECK(has(transfer.check(), "transfer.part-mismatch", Weight::failed));
    }
    SUBCASE("swapped") {
        overwrite(transfer / "part-000001.p7m", whole(transfer / "part-000002.p7m"));
        CHECK(has(transfer.check(), "transfer.part-swapped", Weight::failed));
    }
    SUBCASE("foreign") {
        overwrite(transfer / "part-000001.p7m", whole(other.folder / "part-000001.p7m"));
        CHECK(has(transfer.check(), "transfer.part-foreign", Weight::failed));
    }
    SUBCASE("list changed") {
        flip_byte(transfer / "parts.txt", 3);
        CHECK(has(transfer.check(), "transfer.part-list-mismatch", Weight::failed));
    }
    SUBCASE("key changed") {
        flip_byte(transfer / "key.p7m", 300);
        CHECK(has(transfer.check(), "transfer.key-mismatch", Weight::failed));
    }
    SUBCASE("one too many") {
        overwrite(transfer / "part-000004.p7m", "x");
        CHECK(has(transfer.check(), "transfer.unexpected-part", Weight::failed));
    }
    SUBCASE("one in another form") {
        overwrite(transfer / "part-000001.bin", "x");
        CHECK(has(transfer.check(), "transfer.unexpected-part", Weight::failed));
    }
}

TEST_CASE("parts in clear must make the package offered") {
    Whole transfer(PartForm::clear);
    Offer offer = transfer.sent.offer;
    offer.package.file_sha256 = std::string(64, '0');
    replace_signed(transfer.sent.folder, StatementKind::offer, format_offer(offer), "good-ec",
                   offer.created_at);
    CHECK(has(transfer.check(), "transfer.package-mismatch", Weight::failed));
}

TEST_CASE("a file that belongs to nothing is a warning") {
    Whole transfer;
    overwrite(transfer / ".DS_Store", "x");
    const Findings findings = transfer.check();
    CHECK(has(findings, "transfer.unexpected-file", Weight::warning));
    CHECK(findings.verdict() == Verdict::total_passed);
}

TEST_CASE("statements alone are not a transfer that was checked") {
    Whole transfer;
    const fs::path kept = transfer.sender.case_folder.transfer_folder(transfer.sent.offer.transfer);
    const Findings findings =
        check_transfer(kept, transfer.trust, transfer.trust, transfer.context);
    CHECK(has(findings, "transfer.statements-only", Weight::indeterminate));
    CHECK(findings.verdict() == Verdict::indeterminate);
}

TEST_CASE("statements that do not belong together are named") {
    Whole transfer;
    const UtcTime at = transfer.context.clock.time;
    Answer answer = parse_answer(whole(transfer / "receipt.json"), "x");
    Close close = parse_close(whole(transfer / "close.json"), "x");
    const auto put_answer = [&](const std::string& signer) {
        replace_signed(transfer.sent.folder, StatementKind::receipt, format_answer(answer), signer,
                       at);
    };
    SUBCASE("other offer") {
        answer.offer_sha256 = std::string(64, '0');
        put_answer("good-rsa");
        CHECK(has(transfer.check(), "transfer.answers-other-offer", Weight::failed));
    }
    SUBCASE("other package") {
        answer.package.size_bytes += 1;
        put_answer("good-rsa");
        CHECK(has(transfer.check(), "transfer.package-differs", Weight::failed));
    }
    SUBCASE("other transfer") {
        answer.transfer = "0f0e0d0c-0b0a-4908-8706-050403020100";
        put_answer("good-rsa");
        CHECK(has(transfer.check(), "transfer.other-transfer", Weight::failed));
    }
    SUBCASE("another signer than the statement names") {
        put_answer("good-ec384");
        CHECK(has(transfer.check(), "transfer.wrong-signer", Weight::failed));
    }
    SUBCASE("other receipt") {
        close.receipt_sha256 = std::string(64, '0');
        replace_signed(transfer.sent.folder, StatementKind::close, format_close(close), "good-ec",
                       at);
        CHECK(has(transfer.check(), "transfer.closes-other-receipt", Weight::failed));
    }
    SUBCASE("a stranger closes") {
        const SigningIdentity stranger = test_pki().identity("untrusted");
        close.sender = stranger.certificate.fingerprint();
        replace_signed(transfer.sent.folder, StatementKind::close, format_close(close), "untrusted",
                       at);
        CHECK(has(transfer.check(), "transfer.closer-unknown", Weight::indeterminate));
    }
    SUBCASE("receipt and refusal") {
        answer.reason = "wrong-authority";
        replace_signed(transfer.sent.folder, StatementKind::refusal, format_answer(answer),
                       "good-rsa", at);
        CHECK(has(transfer.check(), "transfer.two-answers", Weight::failed));
    }
    SUBCASE("a refusal under the name of a receipt") {
        answer.reason = "wrong-authority";
        put_answer("good-rsa");
        CHECK(has(transfer.check(), "transfer.statement-malformed", Weight::failed));
    }
}

TEST_CASE("times that cannot be are told") {
    Whole transfer;
    SUBCASE("an offer from the future") {
        transfer.context.clock.time.milliseconds -= 3'600'000;
        CHECK(has(transfer.check(), "transfer.time-inconsistent", Weight::warning));
    }
    SUBCASE("an answer before the offer") {
        Answer answer = parse_answer(whole(transfer / "receipt.json"), "x");
        answer.at.milliseconds -= 3'600'000;
        replace_signed(transfer.sent.folder, StatementKind::receipt, format_answer(answer),
                       "good-rsa", answer.at);
        CHECK(has(transfer.check(), "transfer.time-inconsistent", Weight::warning));
    }
    SUBCASE("an answer after the time asked for") {
        Answer answer = parse_answer(whole(transfer / "receipt.json"), "x");
        answer.at.milliseconds += 7'200'000;
        replace_signed(transfer.sent.folder, StatementKind::receipt, format_answer(answer),
                       "good-rsa", answer.at);
        CHECK(has(transfer.check(), "transfer.answer-overdue", Weight::warning));
    }
}

TEST_CASE("no answer by the time asked for is told") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.answer_by = UtcTime{fixture.context.clock.time.milliseconds + 1000};
    const SentTransfer sent = fixture.send(request);
    CHECK_FALSE(check_transfer(sent.folder, fixture.trust, fixture.trust, fixture.context)
                    .has("transfer.answer-overdue"));
    fixture.context.clock.time.milliseconds += 2000;
    CHECK(has(check_transfer(sent.folder, fixture.trust, fixture.trust, fixture.context),
              "transfer.answer-overdue", Weight::warning));
}

TEST_CASE("a folder under another name is the same transfer") {
    Whole transfer;
    const fs::path renamed = transfer.folder / "copy";
    fs::rename(transfer.sent.folder, renamed);
    const Findings findings =
        check_transfer(renamed, transfer.trust, transfer.trust, transfer.context);
    CHECK(has(findings, "transfer.folder-name", Weight::info));
    CHECK(findings.verdict() == Verdict::total_passed);
    CHECK_FALSE(check_transfer(renamed / "", transfer.trust, transfer.trust, transfer.context)
                    .has_failure());
}
