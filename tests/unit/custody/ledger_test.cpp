#include "custody/ledger.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "custody_fixture.h"
#include "signature/raw_signature.h"

using namespace evidence;
using namespace evidence::test;

namespace {

Error failure(const auto& action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    FAIL("nothing was refused");
    return Error(ErrorKind::io, "");
}

}  // namespace

TEST_CASE("a new ledger holds its open event and can be opened again") {
    LedgerInFolder fixture;
    const std::vector<LedgerLine> lines = fixture.lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].event->type == "open");
    CHECK(lines[0].event->ledger == fixture.ledger.id());
    CHECK(lines[0].event->case_number == "C-1");
    CHECK(lines[0].event->place == "Hà Nội");
    CHECK(fixture.ledger.journal_mode() == "wal");
    const Ledger again = Ledger::open(fixture.path);
    CHECK(again.id() == fixture.ledger.id());
    CHECK(again.head() == fixture.ledger.head());
    CHECK(again.head().origin == "evidence-ledger/1/" + fixture.ledger.id());
    CHECK(again.head().size == 1);
    CHECK(again.head().hash == lines[0].link);
}

TEST_CASE("an existing file is never replaced by a ledger") {
    LedgerInFolder fixture;
    const CheckpointText head = fixture.ledger.head();
    CHECK(failure([&] {
              Ledger::create(fixture.path, "C-2", draft("open"), author(), fixture.context);
          }).kind() == ErrorKind::exists);
    CHECK(Ledger::open(fixture.path).head() == head);
}

TEST_CASE("appended events continue the chain") {
    LedgerInFolder fixture;
    fixture.acquire("DISK-01");
    fixture.context.clock.time.milliseconds += 1500;
    const LedgerLine moved =
        fixture.ledger.append(draft("move", {"DISK-01"}), author(), fixture.context);
    const std::vector<LedgerLine> lines = fixture.lines();
    REQUIRE(lines.size() == 3);
    Sha256 link = first_link(fixture.ledger.id());
    for (const LedgerLine& line : lines) {
        link = next_link(link, event_digest(line.tags, sha256(line.event_bytes)));
        CHECK(line.link == link);
        CHECK(is_tag_list(line.tags));
    }
    CHECK(format_ledger_line(lines[2]) == format_ledger_line(moved));
    CHECK(lines[2].event->at == fixture.context.clock.time);
    CHECK(lines[2].event->zone == "+07:00");
    CHECK(lines[2].event->nonce != lines[1].event->nonce);
    const ItemKey key = fixture.ledger.find_item("DISK-01")->key;
    CHECK(has_tag(lines[2].tags, relevance_tag(key, fixture.ledger.id(), 2)));
    CHECK_FALSE(has_tag(lines[0].tags, relevance_tag(key, fixture.ledger.id(), 0)));
}

TEST_CASE("an event is signed with every kind of key") {
    for (KeyType type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::rsa_3072, KeyType::ed25519}) {
        LedgerInFolder fixture;
        const SigningIdentity identity = make_identity(type);
        fixture.acquire("DISK-01", &identity);
        const LedgerLine line = fixture.lines().at(1);
        CHECK(line.signer == identity.certificate.fingerprint());
        CHECK(line.event->actor.certificate_sha256 == line.signer);
        CHECK(verify_raw(identity.certificate, line.event->actor.algorithm,
                         as_bytes("evidence-event/1\n" + line.event_bytes), line.signature));
        REQUIRE(fixture.ledger.signer_chain(line.signer).size() == 1);
        CHECK(fixture.ledger.signer_chain(line.signer)[0] == identity.certificate);
        CHECK(fixture.ledger.signers() == std::vector<std::string>{line.signer});
    }
}

TEST_CASE("an author's claim to a certificate counts only with its key") {
    LedgerInFolder fixture;
    EventAuthor pretender = author();
    pretender.actor.certificate_sha256 = std::string(64, 'a');
    pretender.actor.algorithm = "ed25519";
    const LedgerLine line = fixture.ledger.append(draft("incident"), pretender, fixture.context);
    CHECK_FALSE(line.event->actor.is_signed());
}

TEST_CASE("a signer's chain keeps its intermediates, not its root") {
    LedgerInFolder fixture;
    SigningIdentity identity = make_identity();
    fixture.acquire("DISK-01", &identity);
    identity.chain = {make_identity(KeyType::ec_p256, "A root").certificate};
    fixture.acquire("DISK-02", &identity);
    CHECK(fixture.ledger.signer_chain(identity.certificate.fingerprint()).size() == 1);
    CHECK(fixture.ledger.signer_chain(std::string(64, '0')).empty());
}

TEST_CASE("what happened earlier is recorded with both times") {
    LedgerInFolder fixture;
    EventDraft event = draft("incident");
    event.at = UtcTime{fixture.context.clock.time.milliseconds - 60'000};
    const LedgerLine line = fixture.ledger.append(event, author(), fixture.context);
    CHECK(line.event->at == *event.at);
    CHECK(line.event->recorded_at == fixture.context.clock.time);
    event.at = UtcTime{fixture.context.clock.time.milliseconds + 1};
    CHECK(failure([&] { fixture.ledger.append(event, author(), fixture.context); }).kind() ==
          ErrorKind::usage);
}

TEST_CASE("items are kept with their key in the order of acquisition") {
    LedgerInFolder fixture;
    fixture.acquire("Z-1");
    fixture.acquire("A-1");
    const std::vector<ItemRow> items = fixture.ledger.items();
    REQUIRE(items.size() == 2);
    CHECK(items[0].id == "Z-1");
    CHECK(items[0].acquire_seq == 1);
    CHECK(items[1].acquire_seq == 2);
    CHECK(items[0].key != items[1].key);
    CHECK(fixture.ledger.item_id_taken("z-1"));
    CHECK_FALSE(fixture.ledger.find_item("z-1"));
    CHECK(fixture.ledger.find_item("Z-1")->acquisition_sha256 == std::string(64, 'a'));
}

TEST_CASE("a refused append writes nothing") {
    LedgerInFolder fixture;
    fixture.acquire("DISK-01");
    const CheckpointText head = fixture.ledger.head();
    const auto refused = [&](EventDraft event, ErrorKind kind,
                             std::optional<ItemRow> item = std::nullopt) {
        CHECK(failure([&] {
                  fixture.ledger.append(event, author(), fixture.context, item);
              }).kind() == kind);
        CHECK(fixture.ledger.head() == head);
        CHECK(fixture.ledger.items().size() == 1);
    };
    refused(draft("teleport"), ErrorKind::usage);
    refused(draft("open"), ErrorKind::usage);
    refused(draft("move", {"DISK-02"}), ErrorKind::not_found);
    refused(draft("acquire", {"disk-01"}), ErrorKind::exists,
            new_item("disk-01", fixture.context.random));
    EventDraft control = draft("move");
    control.reason = "two\nlines";
    refused(control, ErrorKind::usage);
    EventDraft large = draft("move");
    large.detail.set("text", std::string(event_max_bytes, 'x'));
    refused(large, ErrorKind::malformed);
}

TEST_CASE("an event about several items becomes one for each, all or none") {
    LedgerInFolder fixture;
    fixture.acquire("A-1");
    fixture.acquire("B-1");
    EventDraft event = draft("check_out", {"A-1", "B-1"});
    event.digests_before["A-1"][Algorithm::sha256] = std::string(64, 'a');
    event.digests_after["B-1"][Algorithm::sha256] = std::string(64, 'b');
    CHECK(failure([&] { fixture.ledger.append(event, author(), fixture.context); }).kind() ==
          ErrorKind::usage);
    const auto lines = fixture.ledger.append_each(event, author(), fixture.context);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].event->items == std::vector<std::string>{"A-1"});
    CHECK(lines[0].event->digests_before.contains("A-1"));
    CHECK(lines[0].event->digests_after.empty());
    CHECK(lines[1].event->items == std::vector<std::string>{"B-1"});
    CHECK(lines[1].event->digests_after.contains("B-1"));
    CHECK(lines[1].seq == lines[0].seq + 1);
    CHECK(lines[1].link == fixture.ledger.head().hash);
    CHECK(fixture.ledger.append_each(draft("incident"), author(), fixture.context).size() == 1);

    const CheckpointText head = fixture.ledger.head();
    CHECK(failure([&] {
              fixture.ledger.append_each(draft("move", {"A-1", "C-1"}), author(), fixture.context);
          }).kind() == ErrorKind::not_found);
    CHECK(fixture.ledger.head() == head);
    CHECK_NOTHROW(fixture.ledger.append(draft("move", {"A-1"}), author(), fixture.context));
}

TEST_CASE("a certificate that is not valid now signs no event") {
    LedgerInFolder fixture;
    const SigningIdentity identity = make_identity(KeyType::ec_p256, "Short", 1);
    fixture.acquire("DISK-01", &identity);
    fixture.context.clock.time.milliseconds += 86'400'000;
    const Error error = failure([&] { fixture.acquire("DISK-02", &identity); });
    CHECK(error.kind() == ErrorKind::crypto);
    CHECK(error.message().find("Short") != std::string::npos);
    fixture.context.clock.time.milliseconds -= 2 * 86'400'000;
    CHECK(failure([&] { fixture.acquire("DISK-02", &identity); }).kind() == ErrorKind::crypto);
}

TEST_CASE("a visit sees the events asked for") {
    LedgerInFolder fixture;
    for (int i = 0; i < 5; ++i) {
        fixture.ledger.append(draft("incident"), author(), fixture.context);
    }
    std::vector<std::uint64_t> seen;
    fixture.ledger.visit(2, 4, [&](const LedgerLine& line) { seen.push_back(line.seq); });
    CHECK(seen == std::vector<std::uint64_t>{2, 3});
    fixture.ledger.visit(6, UINT64_MAX, [&](const LedgerLine&) { FAIL("beyond the end"); });
}

TEST_CASE("a visit is one snapshot, also while events are appended") {
    LedgerInFolder fixture;
    std::uint64_t visited = 0;
    fixture.ledger.visit(0, UINT64_MAX, [&](const LedgerLine&) {
        ++visited;
        Ledger::open(fixture.path).append(draft("incident"), author(), fixture.context);
    });
    CHECK(visited == 1);
    CHECK(fixture.ledger.head().size == 2);
}

TEST_CASE("checkpoints and statements are kept in order") {
    LedgerInFolder fixture;
    const CheckpointRow row{fixture.ledger.head(), fixture.context.clock.time, {1, 2, 3}};
    fixture.ledger.add_checkpoint(row);
    fixture.ledger.add_checkpoint({row.text, row.made_at, {}});
    const std::vector<CheckpointRow> checkpoints = fixture.ledger.checkpoints();
    REQUIRE(checkpoints.size() == 2);
    CHECK(checkpoints[0].text == row.text);
    CHECK(checkpoints[0].signature == row.signature);
    CHECK(checkpoints[0].made_at == row.made_at);
    CHECK(checkpoints[1].signature.empty());
    CheckpointRow foreign = row;
    foreign.text.origin = ledger_origin(std::string(32, '0'));
    CHECK(failure([&] { fixture.ledger.add_checkpoint(foreign); }).kind() == ErrorKind::usage);

    const StatementRow offer{"t-1", "offer", "{}\n", {9}};
    fixture.ledger.add_statement(offer);
    fixture.ledger.add_statement({"t-1", "receipt", "{\"a\":1}\n", {8}});
    fixture.ledger.add_statement({"t-2", "offer", "{}\n", {7}});
    CHECK(failure([&] { fixture.ledger.add_statement(offer); }).kind() == ErrorKind::exists);
    const std::vector<StatementRow> statements = fixture.ledger.statements("t-1");
    REQUIRE(statements.size() == 2);
    CHECK(statements[1].kind == "receipt");
    CHECK(statements[1].document == "{\"a\":1}\n");
    CHECK(fixture.ledger.statements("t-3").empty());
}
