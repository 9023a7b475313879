#include "custody/ledger_extract.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "custody/event_writer.h"
#include "custody/ledger_tables.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("an extract shows the open event and what concerns given items only") {
    LedgerInFolder fixture;
    const SigningIdentity identity = make_identity();
    fixture.acquire("DISK-01", &identity);                                          // 1
    fixture.acquire("PHONE-01");                                                    // 2
    fixture.ledger.append(draft("move", {"DISK-01"}), author(), fixture.context);   // 3
    fixture.ledger.append(draft("move", {"PHONE-01"}), author(), fixture.context);  // 4
    fixture.ledger.append(draft("incident"), author(), fixture.context);            // 5
    fixture.ledger.append(draft("store", {"DISK-01"}), author(), fixture.context);  // 6, cut off

    std::vector<LedgerLine> lines;
    const ExtractFacts facts =
        extract_ledger(fixture.ledger, 6, {"DISK-01"}, [&](std::string_view line) {
            REQUIRE(line.ends_with('\n'));
            lines.push_back(parse_ledger_line(line.substr(0, line.size() - 1), "extract"));
        });
    REQUIRE(lines.size() == 6);
    CHECK(facts.shown == 3);
    CHECK(facts.withheld == 3);
    CHECK(facts.signers == std::set<std::string>{identity.certificate.fingerprint()});
    for (std::uint64_t seq = 0; seq < 6; ++seq) {
        CAPTURE(seq);
        CHECK(lines[seq].seq == seq);
        CHECK(lines[seq].event.has_value() == (seq == 0 || seq == 1 || seq == 3));
        CHECK(lines[seq].link == fixture.lines()[seq].link);
        CHECK(lines[seq].tags == fixture.lines()[seq].tags);
        CHECK(lines[seq].event_bytes_digest == fixture.lines()[seq].event_bytes_digest);
    }
}

TEST_CASE("events about each of several items can be given with any of them") {
    LedgerInFolder fixture;
    fixture.acquire("DISK-01");
    fixture.acquire("PHONE-01");
    fixture.ledger.append_each(draft("seal", {"DISK-01", "PHONE-01"}), author(), fixture.context);
    const auto nothing = [](std::string_view) {};
    CHECK(extract_ledger(fixture.ledger, 5, {"DISK-01"}, nothing).shown == 3);
    CHECK(extract_ledger(fixture.ledger, 5, {"DISK-01", "PHONE-01"}, nothing).shown == 5);
}

TEST_CASE("an event about items inside and outside is refused, not hidden") {
    // Our own ledger refuses to write one; another program's may hold it.
    LedgerInFolder fixture;
    fixture.acquire("DISK-01");
    fixture.acquire("PHONE-01");
    LedgerStore store = LedgerStore::open(fixture.path);
    const CheckpointText head = fixture.ledger.head();
    insert_line(store, write_event(draft("seal", {"DISK-01", "PHONE-01"}), author(),
                                   {fixture.ledger.id(), "C-1", head.size, head.hash},
                                   {fixture.ledger.find_item("DISK-01")->key,
                                    fixture.ledger.find_item("PHONE-01")->key},
                                   fixture.context));
    const auto nothing = [](std::string_view) {};
    CHECK(extract_ledger(fixture.ledger, 4, {"DISK-01", "PHONE-01"}, nothing).shown == 4);
    try {
        extract_ledger(fixture.ledger, 4, {"PHONE-01"}, nothing);
        FAIL("hidden");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::refused);
        CHECK(error.message().find("event 3 concerns item PHONE-01") == 0);
    }
}

TEST_CASE("an event about a whole case is shown only when it is the first") {
    Event event;
    event.seq = 0;
    CHECK(is_shown(event, {}));
    event.seq = 4;
    CHECK_FALSE(is_shown(event, {"DISK-01"}));
    event.items = {"DISK-01", "PHONE-01"};
    CHECK_FALSE(is_shown(event, {"DISK-01"}));
    CHECK(is_shown(event, {"DISK-01", "PHONE-01"}));
}
