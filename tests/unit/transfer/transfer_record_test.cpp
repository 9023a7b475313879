#include "transfer/transfer_record.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string transfer = "0f0e0d0c-0b0a-4908-8706-050403020100";
const std::string manifest = std::string(64, '5');

SignedStatement statement_saying(const std::string& text) {
    return {"{\"a\":\"" + text + "\"}\n", {1, 2, 3}};
}

}  // namespace

TEST_CASE("a statement is kept in the folder, the ledger and the chain") {
    TransferFixture fixture;
    TransferRecord record(fixture.recipient.side, transfer, manifest, {}, fixture.context);
    CHECK_FALSE(record.find(StatementKind::offer));
    record.keep(StatementKind::offer, statement_saying("x"), "receive");
    CHECK(record.find(StatementKind::offer) == statement_saying("x"));
    CHECK(load_statement(record.folder() / "offer.json") == statement_saying("x"));
    CHECK(record.has_event("receive"));
    CHECK_FALSE(record.has_event("offer"));
    const Event event = fixture.recipient.events().back();
    CHECK(event.place == "Hà Nội");
    CHECK(event.detail.at("manifest_sha256").string() == manifest);
}

TEST_CASE("keeping the same statement again appends nothing") {
    TransferFixture fixture;
    TransferRecord record(fixture.recipient.side, transfer, manifest, {}, fixture.context);
    record.keep(StatementKind::offer, statement_saying("x"), "receive");
    record.keep(StatementKind::offer, statement_saying("x"), "receive");
    CHECK(fixture.recipient.history() == "open receive");
}

TEST_CASE("what a crash left half recorded is completed") {
    TransferFixture fixture;
    TransferRecord record(fixture.recipient.side, transfer, manifest, {}, fixture.context);
    const SignedStatement statement = statement_saying("x");
    SUBCASE("only the copy in the folder") {
        create_folders(record.folder());
        store_statement(record.folder(), StatementKind::offer, statement);
    }
    SUBCASE("no event yet") {
        fixture.recipient.case_folder.ledger().add_statement(
            {transfer, "offer", statement.document, statement.signature});
    }
    record.keep(StatementKind::offer, statement, "receive");
    CHECK(record.find(StatementKind::offer) == statement);
    CHECK(load_statement(record.folder() / "offer.json") == statement);
    CHECK(fixture.recipient.history() == "open receive");
}

TEST_CASE("statement, checkpoint and event enter the ledger together or not at all") {
    TransferFixture fixture;
    Ledger& ledger = fixture.recipient.case_folder.ledger();
    TransferRecord record(fixture.recipient.side, transfer, manifest, {"UNKNOWN"}, fixture.context);
    CHECK(kind_of_error([&] {
              record.keep(StatementKind::offer, statement_saying("x"), "offer", ledger.head());
          }) == ErrorKind::not_found);
    CHECK_FALSE(record.find(StatementKind::offer));
    CHECK(ledger.checkpoints().empty());
    CHECK_FALSE(fs::exists(record.folder() / "offer.json"));
}

TEST_CASE("another statement of the same kind, or another answer, is refused") {
    TransferFixture fixture;
    TransferRecord record(fixture.recipient.side, transfer, manifest, {}, fixture.context);
    record.keep(StatementKind::receipt, statement_saying("x"), "receipt");
    for (StatementKind kind : {StatementKind::receipt, StatementKind::refusal}) {
        CHECK(kind_of_error([&] { record.keep(kind, statement_saying("y"), "refuse"); }) ==
              ErrorKind::refused);
    }
    CHECK_NOTHROW(record.keep(StatementKind::close, statement_saying("z"), "close"));
    CHECK(fixture.recipient.history() == "open receipt close");
}

TEST_CASE("a package is known by the events that name it, with its items") {
    TransferFixture fixture;
    Ledger& ledger = fixture.sender.case_folder.ledger();
    CHECK(items_of_package(ledger, sha256_hex(small_manifest)) ==
          std::vector<std::string>{"USB-01"});
    CHECK_FALSE(items_of_package(ledger, manifest));
    EventDraft received = Party::draft("receive");
    received.detail = Json::object({{"manifest_sha256", manifest}});
    ledger.append(received, fixture.sender.author, fixture.context);
    CHECK_FALSE(items_of_package(ledger, manifest));  // it may still be refused
    received.type = "receipt";
    ledger.append(received, fixture.sender.author, fixture.context);
    CHECK(items_of_package(ledger, manifest) == std::vector<std::string>{});
}
