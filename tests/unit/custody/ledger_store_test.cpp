#include "custody/ledger_store.h"

#include <doctest/doctest.h>

#include <functional>

#include "base/atomic_file.h"
#include "base/error.h"
#include "custody/chain_verification.h"
#include "custody/ledger_creation.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

enum class Triggers { on, off };

// Another program at the database: SQLite with its defaults, nothing of ours.
int run_sql(const fs::path& path, const std::string& sql, Triggers triggers = Triggers::on) {
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &opened) == SQLITE_OK);
    const DatabaseHandle database(opened);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, triggers == Triggers::on, nullptr);
    return sqlite3_exec(opened, sql.c_str(), nullptr, nullptr, nullptr);
}

void tamper(const fs::path& path, const std::string& sql) {
    REQUIRE(run_sql(path, sql, Triggers::off) == SQLITE_OK);
}

ErrorKind failure(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    FAIL("nothing was refused");
    return ErrorKind::io;
}

std::set<std::string> failed_codes(const fs::path& path) {
    const Ledger ledger = Ledger::open_foreign(path);
    ChainExpectations expectations;
    expectations.ledger_id = ledger.id();
    expectations.case_number = ledger.case_number();
    expectations.signer_chain = [&](std::string_view signer) {
        return ledger.signer_chain(signer);
    };
    Findings findings;
    ChainVerifier verifier(expectations, findings);
    ledger.visit(0, UINT64_MAX, [&](const LedgerLine& line) { verifier.add(line); });
    verifier.finish();
    std::set<std::string> codes;
    for (const Finding& finding : findings.all()) {
        if (finding.weight == Weight::failed) codes.insert(finding.code);
    }
    return codes;
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename().native());
    }
    return names;
}

// A closed ledger of four events in a folder of its own.
struct ClosedLedger {
    TestContext context;
    TemporaryFolder folder;
    fs::path path = folder / "custody.db";

    ClosedLedger() {
        Ledger ledger = Ledger::create(path, "C-1", draft("open"), author(), context);
        const SigningIdentity identity = make_identity();
        ledger.append(draft("acquire", {"DISK-01"}), author(&identity), context,
                      new_item("DISK-01", context.random));
        ledger.add_checkpoint({ledger.head(), context.clock.time, {1}});
        ledger.add_statement({"t-1", "offer", "{}\n", {1}});
        ledger.append(draft("incident"), author(), context);
        ledger.append(draft("incident"), author(), context);
    }
    void append() const {
        TestContext other;
        Ledger::open(path).append(draft("incident"), author(), other);
    }
};

}  // namespace

TEST_CASE("the store refuses changes by other programs") {
    const ClosedLedger closed;
    const std::string columns = "bytes, tags, digest, link, signature, signer FROM event ";
    for (const std::string& sql : {
             std::string("UPDATE event SET tags = zeroblob(128) WHERE seq = 1"),
             std::string("DELETE FROM event WHERE seq = 3"),
             std::string("DELETE FROM event"),
             "INSERT OR REPLACE INTO event SELECT seq, " + columns + "WHERE seq = 1",
             "REPLACE INTO event SELECT 3, " + columns + "WHERE seq = 1",
             "INSERT INTO event SELECT 9, " + columns + "WHERE seq = 1",
             "INSERT INTO event SELECT NULL, " + columns + "WHERE seq = 1",
             std::string("UPDATE ledger SET case_number = 'C-2'"),
             std::string("DELETE FROM ledger"),
             std::string("REPLACE INTO ledger SELECT one, id, 'C-2', journal_mode FROM ledger"),
             std::string("DELETE FROM signer"),
             std::string("UPDATE item SET item_key = zeroblob(16)"),
             std::string("DELETE FROM item"),
             std::string("REPLACE INTO item SELECT id, folded, zeroblob(16), acquire_seq, "
                         "acquisition_sha256 FROM item"),
             std::string("REPLACE INTO item SELECT 'disk-01', folded, item_key, acquire_seq, "
                         "acquisition_sha256 FROM item"),
             std::string("UPDATE checkpoint SET size = 0"),
             std::string("DELETE FROM checkpoint"),
             std::string("REPLACE INTO checkpoint SELECT number, 0, link, made_at, signature FROM "
                         "checkpoint"),
             std::string("UPDATE statement SET document = ''"),
             std::string("DELETE FROM statement"),
             std::string("REPLACE INTO statement SELECT 1, transfer, kind, '', signature FROM "
                         "statement"),
         }) {
        for (const char* recursive : {"OFF", "ON"}) {
            CAPTURE(sql);
            CAPTURE(recursive);
            CHECK(run_sql(closed.path, std::string("PRAGMA recursive_triggers = ") + recursive +
                                           ";" + sql) == SQLITE_CONSTRAINT);
        }
    }
    CHECK(failed_codes(closed.path).empty());
    CHECK_NOTHROW(closed.append());
}

TEST_CASE("each way of tampering behind the triggers has its own finding") {
    using Codes = std::set<std::string>;
    SUBCASE("an edited event") {
        const ClosedLedger closed;
        tamper(closed.path,
               "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Hà Nội', "
               "'Huế') AS BLOB) WHERE seq = 2");
        CHECK(failed_codes(closed.path) == Codes{"custody.link-broken"});
    }
    SUBCASE("a deleted event") {
        const ClosedLedger closed;
        tamper(closed.path, "DELETE FROM event WHERE seq = 2");
        CHECK(failed_codes(closed.path) == Codes{"custody.gap"});
    }
    SUBCASE("an inserted event") {
        const ClosedLedger closed;
        tamper(closed.path,
               "UPDATE event SET seq = 4 WHERE seq = 3; INSERT INTO event SELECT 3, "
               "bytes, tags, digest, link, signature, signer FROM event WHERE seq = 2");
        CHECK(failed_codes(closed.path) == Codes{"custody.gap"});
    }
    SUBCASE("reordered events") {
        const ClosedLedger closed;
        tamper(closed.path,
               "UPDATE event SET seq = 9 WHERE seq = 2; UPDATE event SET seq = 2 "
               "WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 9");
        CHECK(failed_codes(closed.path) == Codes{"custody.gap"});
    }
    SUBCASE("a stripped signature") {
        const ClosedLedger closed;
        tamper(closed.path, "UPDATE event SET signature = NULL, signer = NULL WHERE seq = 1");
        CHECK(failed_codes(closed.path) == Codes{"custody.signature-stripped"});
    }
    SUBCASE("a certificate taken away") {
        const ClosedLedger closed;
        tamper(closed.path, "DELETE FROM signer");
        CHECK(failed_codes(closed.path) == Codes{"custody.signer-unknown"});
    }
}

TEST_CASE("nothing is appended to a ledger whose last event is wrong") {
    SUBCASE("edited") {
        const ClosedLedger closed;
        tamper(closed.path, "UPDATE event SET tags = zeroblob(128) WHERE seq = 3");
        CHECK(failure([&] { closed.append(); }) == ErrorKind::malformed);
    }
    SUBCASE("its predecessor deleted") {
        const ClosedLedger closed;
        tamper(closed.path, "DELETE FROM event WHERE seq = 2");
        CHECK(failure([&] { closed.append(); }) == ErrorKind::malformed);
    }
    SUBCASE("added by somebody else") {
        const ClosedLedger closed;
        CHECK(run_sql(closed.path,
                      "INSERT INTO event SELECT 4, bytes, tags, digest, link, NULL, "
                      "NULL FROM event WHERE seq = 3") == SQLITE_OK);
        CHECK(failure([&] { closed.append(); }) == ErrorKind::malformed);
    }
    SUBCASE("while the ledger is open") {
        ClosedLedger closed;
        Ledger open = Ledger::open(closed.path);
        open.append(draft("incident"), author(), closed.context);
        tamper(closed.path, "UPDATE event SET link = zeroblob(32) WHERE seq = 4");
        CHECK(failure([&] { open.append(draft("incident"), author(), closed.context); }) ==
              ErrorKind::malformed);
    }
    SUBCASE("all events deleted") {
        const ClosedLedger closed;
        tamper(closed.path, "DELETE FROM event");
        CHECK(failure([&] { closed.append(); }) == ErrorKind::malformed);
        CHECK(failure([&] { Ledger::open_foreign(closed.path).head(); }) == ErrorKind::malformed);
    }
}

TEST_CASE("what is not a ledger of this format is refused") {
    const auto refused = [](const fs::path& path, ErrorKind kind) {
        CHECK(failure([&] { Ledger::open(path); }) == kind);
        CHECK(failure([&] { Ledger::open_foreign(path); }) == kind);
    };
    const ClosedLedger closed;
    refused(closed.folder / "nothing", ErrorKind::not_found);
    refused(closed.folder.path(), ErrorKind::malformed);
    write_new_file(closed.folder / "text", as_bytes(std::string(5000, 'x')));
    refused(closed.folder / "text", ErrorKind::malformed);
    write_new_file(closed.folder / "empty", {});
    refused(closed.folder / "empty", ErrorKind::malformed);
    for (const auto& [sql, kind] : std::vector<std::pair<std::string, ErrorKind>>{
             {"PRAGMA application_id = 1", ErrorKind::malformed},
             {"PRAGMA user_version = 2", ErrorKind::unsupported},
             {"CREATE TABLE more(a)", ErrorKind::malformed},
             {"CREATE VIEW more AS SELECT 1", ErrorKind::malformed},
             {"CREATE INDEX more ON event(link)", ErrorKind::malformed},
             {"DROP TRIGGER event_no_update", ErrorKind::malformed},
             {"DROP TABLE statement", ErrorKind::malformed},
             {"ALTER TABLE event ADD COLUMN more TEXT", ErrorKind::malformed},
             {"DROP TRIGGER event_no_delete; CREATE TRIGGER event_no_delete BEFORE DELETE ON event "
              "BEGIN SELECT 1; END",
              ErrorKind::malformed}}) {
        CAPTURE(sql);
        const ClosedLedger changed;
        tamper(changed.path, sql);
        refused(changed.path, kind);
    }
}

TEST_CASE("a ledger survives VACUUM") {
    const ClosedLedger closed;
    tamper(closed.path, "VACUUM");
    CHECK_NOTHROW(closed.append());
}

TEST_CASE("a damaged database is an error or an answer, never a crash") {
    const ClosedLedger closed;
    const std::string whole = read_small_file(closed.path, 10 * mib);
    const auto examine = [&](const std::string& bytes) {
        TemporaryFolder folder;
        write_new_file(folder / "custody.db", as_bytes(bytes));
        try {
            const Ledger ledger = Ledger::open_foreign(folder / "custody.db");
            static_cast<void>(ledger.items());
            static_cast<void>(ledger.checkpoints());
            static_cast<void>(ledger.statements("t-1"));
            for (const std::string& signer : ledger.signers()) {
                static_cast<void>(ledger.signer_chain(signer));
            }
            static_cast<void>(failed_codes(folder / "custody.db"));
        } catch (const Error& error) {
            CHECK(error.kind() != ErrorKind::usage);
        }
    };
    for (std::size_t position = 0; position < whole.size(); position += 97) {
        std::string damaged = whole;
        damaged[position] = static_cast<char>(damaged[position] ^ 0x41);
        examine(damaged);
    }
    for (std::size_t size = 0; size < whole.size(); size += 1000) {
        examine(whole.substr(0, size));
    }
}

TEST_CASE("a foreign ledger is read without touching its folder") {
    ClosedLedger closed;
    const auto before = names_in(closed.folder.path());
    const std::string bytes = read_small_file(closed.path, 10 * mib);
    Ledger foreign = Ledger::open_foreign(closed.path);
    CHECK(foreign.head().size == 4);
    CHECK(foreign.items().size() == 1);
    CHECK(names_in(closed.folder.path()) == before);
    CHECK(failure([&] { foreign.append(draft("incident"), author(), closed.context); }) ==
          ErrorKind::usage);
    CHECK(failure([&] { foreign.add_statement({"t", "offer", "{}", {1}}); }) == ErrorKind::usage);
    CHECK(read_small_file(closed.path, 10 * mib) == bytes);
}

TEST_CASE("a copied ledger is read with what its write-ahead log holds") {
    ClosedLedger closed;
    Ledger open = Ledger::open(closed.path);
    open.append(draft("incident"), author(), closed.context);
    REQUIRE(fs::file_size(closed.path.native() + "-wal") > 0);
    TemporaryFolder copies;
    for (const bool with_index : {false, true}) {
        CAPTURE(with_index);
        const fs::path copy = copies / (with_index ? "with" : "without") / "custody.db";
        fs::create_directory(copy.parent_path());
        fs::copy_file(closed.path, copy);
        fs::copy_file(closed.path.native() + "-wal", copy.native() + "-wal");
        if (with_index) fs::copy_file(closed.path.native() + "-shm", copy.native() + "-shm");
        const auto before = names_in(copy.parent_path());
        CHECK(Ledger::open_foreign(copy).head() == open.head());
        CHECK(names_in(copy.parent_path()) == before);
    }
    // The same while its writer is at work.
    CHECK(Ledger::open_foreign(closed.path).head() == open.head());
    open.append(draft("incident"), author(), closed.context);
    CHECK(Ledger::open_foreign(closed.path).head() == open.head());
    CHECK(open.head().size == 6);
}

TEST_CASE("a rollback journal serves where the write-ahead log does not") {
    TestContext context;
    TemporaryFolder folder;
    const fs::path path = folder / "custody.db";
    write_new_file(path, {});
    fill_ledger_file(path, JournalMode::rollback, "C-1", draft("open"), author(), context);
    Ledger ledger = Ledger::open(path);
    CHECK(ledger.journal_mode() == "delete");
    ledger.append(draft("incident"), author(), context);
    CHECK(names_in(folder.path()) == std::set<std::string>{"custody.db"});
    CHECK(Ledger::open_foreign(path).head() == ledger.head());
    CHECK(failed_codes(path).empty());
}

TEST_CASE("a new ledger whose events stay in the write-ahead log is refused") {
    // Another program starts to read while the first event is made.
    class ReadingRandom : public CountingRandom {
    public:
        explicit ReadingRandom(fs::path path) : path_(std::move(path)) {}
        void fill(MutableByteView bytes) override {
            CountingRandom::fill(bytes);
            if (reader_) return;
            sqlite3* opened = nullptr;
            REQUIRE(sqlite3_open(path_.c_str(), &opened) == SQLITE_OK);
            reader_.reset(opened);
            execute(opened, "BEGIN; SELECT count(*) FROM event");
        }

    private:
        fs::path path_;
        DatabaseHandle reader_;
    };
    TestContext context;
    TemporaryFolder folder;
    const fs::path path = folder / "custody.db";
    write_new_file(path, {});
    ReadingRandom random(path);
    const Context disturbed{context.clock, random, context.progress, context.interrupted,
                            folder.path()};
    CHECK(failure([&] {
              fill_ledger_file(path, JournalMode::wal, "C-1", draft("open"), author(), disturbed);
          }) == ErrorKind::io);
}

TEST_CASE("the journal mode follows the file system") {
    const TemporaryFolder folder;
    CHECK(journal_mode_for(folder.path()) == JournalMode::wal);
    CHECK(failure([&] { journal_mode_for(folder / "nothing"); }) == ErrorKind::not_found);
}

TEST_CASE("any folder name will do") {
    TestContext context;
    TemporaryFolder scratch;
    const fs::path folder = scratch / "vụ án?mode=memory#100%&x=1";
    fs::create_directory(folder);
    const Ledger ledger =
        Ledger::create(folder / "custody.db", "C-1", draft("open"), author(), context);
    CHECK(Ledger::open_foreign(folder / "custody.db").head() == ledger.head());
    CHECK(names_in(folder).contains("custody.db"));
}

TEST_CASE("a ledger that could not be made leaves nothing") {
    TestContext context;
    TemporaryFolder folder;
    CHECK(failure([&] {
              Ledger::create(folder / "custody.db", "", draft("open"), author(), context);
          }) == ErrorKind::usage);
    context.clock.time.milliseconds += 86'400'000ll * 30;
    const SigningIdentity expired = make_identity(KeyType::ec_p256, "Expired", 1);
    CHECK(failure([&] {
              Ledger::create(folder / "custody.db", "C-1", draft("open"), author(&expired),
                             context);
          }) == ErrorKind::crypto);
    EventDraft large = draft("open");
    large.detail.set("text", std::string(event_max_bytes, 'x'));
    CHECK(failure([&] {
              Ledger::create(folder / "custody.db", "C-1", large, author(), context);
          }) == ErrorKind::malformed);
    CHECK(names_in(folder.path()).empty());
}
