#include "transfer/close.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Received : TransferFixture {
    SentTransfer sent = send();
    ReceivedTransfer received = receive(sent.folder);

    TransferName name() const { return {sent.offer.transfer, sent.folder}; }
    std::string close_message() {
        const auto closing = [&] { close(sent); };
        CHECK(kind_of_error(closing) == ErrorKind::refused);
        CHECK_FALSE(fs::exists(sent.folder / "close.json"));
        CHECK(sender.history() == "open acquire seal offer dispatch");
        return message_of(closing);
    }
};

// An answer signed by somebody, in place of the one in the folder.
void answer_as(const fs::path& folder, const std::string& signer, Answer answer, const UtcTime at) {
    const SigningIdentity identity = test_pki().identity(signer);
    answer.recipient = identity.certificate.fingerprint();
    const std::string document = format_answer(answer);
    overwrite(folder / "receipt.json", document);
    overwrite(folder / "receipt.p7s", as_text(sign_detached(as_bytes(document), identity, at)));
}

}  // namespace

TEST_CASE("closing records the receipt and the close on both sides") {
    Received transfer;
    const ClosedTransfer closed = transfer.close(transfer.sent);
    REQUIRE(closed.close_path);
    CHECK(*closed.close_path == transfer.sent.folder / "close.json");
    CHECK(transfer.sender.history() == "open acquire seal offer dispatch receipt close");
    const Close close = parse_close(whole(*closed.close_path), "close");
    CHECK(close.receipt_sha256 == sha256_hex(whole(transfer.sent.folder / "receipt.json")));
    CHECK(close.sender == transfer.sender.identity.certificate.fingerprint());

    const ClosedTransfer recorded =
        record_close(transfer.name(), transfer.recipient.side, transfer.trust, transfer.context);
    REQUIRE(recorded.close_path);
    CHECK(transfer.recipient.history() == "open receive receipt close");
    for (Party* party : {&transfer.sender, &transfer.recipient}) {
        const Ledger& ledger = party->case_folder.ledger();
        CHECK(ledger.statements(transfer.sent.offer.transfer).size() == 3);
        const fs::path kept = party->case_folder.transfer_folder(transfer.sent.offer.transfer);
        for (StatementKind kind :
             {StatementKind::offer, StatementKind::receipt, StatementKind::close}) {
            CHECK(whole(kept / document_name(kind)) ==
                  whole(transfer.sent.folder / document_name(kind)));
        }
    }
}

TEST_CASE("each side holds the signed head of the other") {
    Received transfer;
    transfer.close(transfer.sent);
    const std::string theirs = transfer.recipient.case_folder.ledger().id();
    const Ledger& ledger = transfer.sender.case_folder.ledger();
    const std::vector<StatementRow> rows = ledger.statements(transfer.sent.offer.transfer);
    bool found = false;
    for (const StatementRow& row : rows) {
        if (row.kind != "receipt") continue;
        const Answer answer = parse_answer(row.document, "receipt");
        found = answer.checkpoint && answer.checkpoint->origin == ledger_origin(theirs);
    }
    CHECK(found);
}

TEST_CASE("closing again changes nothing") {
    Received transfer;
    transfer.close(transfer.sent);
    const std::string close = whole(transfer.sent.folder / "close.json");
    fs::remove(transfer.sent.folder / "close.json");
    fs::remove(transfer.sent.folder / "close.p7s");
    transfer.close(transfer.sent);
    CHECK(whole(transfer.sent.folder / "close.json") == close);
    CHECK(transfer.sender.history() == "open acquire seal offer dispatch receipt close");
}

TEST_CASE("a transfer is closed by its id, from the receipt that came back elsewhere") {
    Received transfer;
    const fs::path post = transfer.folder / "post";
    fs::create_directory(post);
    for (const char* name : {"receipt.json", "receipt.p7s"}) {
        fs::rename(transfer.sent.folder / name, post / name);
    }
    const TransferName name =
        find_transfer(transfer.sent.offer.transfer, &transfer.sender.case_folder);
    const ClosedTransfer closed =
        close_transfer(name, post / "receipt.json", transfer.sender.identity, transfer.sender.side,
                       transfer.trust, transfer.context);
    CHECK(*closed.close_path ==
          transfer.sender.case_folder.transfer_folder(name.id) / "close.json");
    CHECK_FALSE(fs::exists(transfer.sent.folder / "close.json"));
}

TEST_CASE("a refusal is recorded and never closed") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive(sent.folder, Verdict::total_failed);
    const ClosedTransfer closed = fixture.close(sent, "refusal.json");
    CHECK_FALSE(closed.close_path);
    CHECK_FALSE(fs::exists(sent.folder / "close.json"));
    CHECK(fixture.sender.history() == "open acquire seal offer dispatch refuse");
}

TEST_CASE("a transfer has one answer") {
    Received transfer;
    transfer.close(transfer.sent);
    Answer answer = transfer.received.answer;
    answer.verdict = Verdict::indeterminate;
    answer_as(transfer.sent.folder, "good-rsa", answer, answer.at);
    CHECK(message_of([&] {
              transfer.close(transfer.sent);
          }).starts_with("another receipt is recorded for this transfer: "));
    answer.reason = "wrong-authority";
    answer_as(transfer.sent.folder, "good-rsa", answer, answer.at);
    CHECK(message_of([&] {
              transfer.close(transfer.sent);
          }).starts_with("another receipt is recorded for this transfer: "));
}

TEST_CASE("a receipt that does not answer this offer is refused") {
    Received transfer;
    Answer answer = transfer.received.answer;
    const fs::path path = transfer.sent.folder / "receipt.json";
    SUBCASE("it was edited") {
        edit(path, "TOTAL-PASSED", "INDETERMINATE");
        CHECK(transfer.close_message().starts_with("signature does not hold: "));
    }
    SUBCASE("it is a receipt for another transfer") {
        const SentTransfer other = transfer.send();
        transfer.output = transfer.folder / "other.asice";
        transfer.receive(other.folder);
        const auto close = [&] {
            close_transfer(transfer.name(), other.folder / "receipt.json", transfer.sender.identity,
                           transfer.sender.side, transfer.trust, transfer.context);
        };
        CHECK(kind_of_error(close) == ErrorKind::refused);
        CHECK(message_of(close).starts_with("answer to another transfer: "));
    }
    SUBCASE("it answers another offer of the same id") {
        answer.offer_sha256 = std::string(64, '0');
        answer_as(transfer.sent.folder, "good-rsa", answer, answer.at);
        CHECK(transfer.close_message().starts_with("answer to another offer: "));
    }
    SUBCASE("it answers another signature of the offer") {
        answer.offer_signature_sha256 = std::string(64, '0');
        answer_as(transfer.sent.folder, "good-rsa", answer, answer.at);
        CHECK(transfer.close_message().starts_with("answer to another offer: "));
    }
    SUBCASE("it is about another package") {
        answer.manifest_sha256 = std::string(64, '0');
        answer_as(transfer.sent.folder, "good-rsa", answer, answer.at);
        CHECK(transfer.close_message().starts_with("answer about another package: "));
    }
    SUBCASE("its signer is unknown") {
        answer_as(transfer.sent.folder, "untrusted", answer, answer.at);
        CHECK(transfer.close_message().starts_with("signed by an unknown party: "));
    }
    SUBCASE("its signer is no recipient and no anchor was given") {
        const auto close = [&] {
            close_transfer(transfer.name(), path, transfer.sender.identity, transfer.sender.side,
                           transfer.no_trust, transfer.context);
        };
        CHECK(message_of(close).starts_with("signed by an unknown party: "));
    }
    SUBCASE("it names another certificate than its signer's") {
        const std::string document = format_answer(answer);
        overwrite(transfer.sent.folder / "receipt.p7s",
                  as_text(sign_detached(as_bytes(document), test_pki().identity("good-ec384"),
                                        answer.at)));
        CHECK(transfer.close_message().starts_with(
            "signed by another key than the statement names: "));
    }
    SUBCASE("it is an offer") {
        const auto close = [&] {
            close_transfer(transfer.name(), transfer.sent.folder / "offer.json",
                           transfer.sender.identity, transfer.sender.side, transfer.trust,
                           transfer.context);
        };
        CHECK(kind_of_error(close) == ErrorKind::malformed);
    }
}

TEST_CASE("an offer in the folder that is not the one sent stops the close") {
    Received transfer;
    Offer offer = transfer.sent.offer;
    offer.part_size_bytes = 100'000;
    offer.parts = part_count(offer.package.size_bytes, offer.part_size_bytes);
    overwrite(transfer.sent.folder / "offer.json", format_offer(offer));
    CHECK(transfer.close_message().starts_with("offer is not the one this case knows: "));
}

TEST_CASE("only the sender closes, only the recipient records the close") {
    Received transfer;
    const auto close_as_recipient = [&] {
        close_transfer(transfer.name(), transfer.sent.folder / "receipt.json",
                       transfer.recipient.identity, transfer.recipient.side, transfer.trust,
                       transfer.context);
    };
    CHECK(message_of(close_as_recipient).starts_with("transfer was not sent by this case: "));
    transfer.close(transfer.sent);
    CHECK(message_of([&] {
              record_close(transfer.name(), transfer.sender.side, transfer.trust, transfer.context);
          }).starts_with("no receipt of this case: "));
    const TransferName unknown{"0f0e0d0c-0b0a-4908-8706-050403020100", transfer.sent.folder};
    CHECK(message_of([&] {
              record_close(unknown, transfer.sender.side, transfer.trust, transfer.context);
          }).starts_with("transfer is unknown to this case: "));
}

TEST_CASE("a close that does not belong to the receipt is not recorded") {
    Received transfer;
    transfer.close(transfer.sent);
    const fs::path path = transfer.sent.folder / "close.json";
    const auto record = [&] {
        record_close(transfer.name(), transfer.recipient.side, transfer.trust, transfer.context);
    };
    Close close = parse_close(whole(path), "close");
    const auto replace_close = [&](const std::string& signer) {
        const SigningIdentity identity = test_pki().identity(signer);
        close.sender = identity.certificate.fingerprint();
        const std::string document = format_close(close);
        overwrite(path, document);
        overwrite(transfer.sent.folder / "close.p7s",
                  as_text(sign_detached(as_bytes(document), identity, close.at)));
    };
    SUBCASE("of another receipt") {
        close.receipt_sha256 = std::string(64, '0');
        replace_close("good-ec");
        CHECK(message_of(record).starts_with("close of another receipt: "));
    }
    SUBCASE("of another transfer") {
        close.transfer = "0f0e0d0c-0b0a-4908-8706-050403020100";
        replace_close("good-ec");
        CHECK(message_of(record).starts_with("close of another transfer: "));
    }
    SUBCASE("by somebody unknown") {
        replace_close("untrusted");
        CHECK(message_of(record).starts_with("signed by an unknown party: "));
    }
    SUBCASE("edited") {
        edit(path, ".000Z", ".001Z");
        CHECK(message_of(record).starts_with("signature does not hold: "));
    }
    CHECK(transfer.recipient.history() == "open receive receipt");
}

TEST_CASE("a transfer is found by its folder or by an id the case knows") {
    Received transfer;
    const std::string id = transfer.sent.offer.transfer;
    CHECK(find_transfer(transfer.sent.folder.native(), nullptr).id == id);
    CHECK(find_transfer(id, &transfer.sender.case_folder).folder ==
          transfer.sender.case_folder.transfer_folder(id));
    CHECK(kind_of_error([&] { find_transfer(id, nullptr); }) == ErrorKind::not_found);
    CHECK(kind_of_error([&] {
              find_transfer("0f0e0d0c-0b0a-4908-8706-050403020100", &transfer.sender.case_folder);
          }) == ErrorKind::not_found);
    CHECK(kind_of_error([&] { find_transfer(transfer.channel.native(), nullptr); }) ==
          ErrorKind::malformed);
}
