// How fast the ledger is, beside a bare loop of inserts of rows of that size (scripts/bench).
//
//     ledger_bench [EVENTS]
//
// Works in a temporary folder below the current one: what counts is the disk that is there. Prints
// a line for each measurement.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>

#include "custody/chain_verification.h"
#include "custody/custody_fixture.h"
#include "custody/ledger.h"
#include "custody/sqlite_handles.h"
#include "test_context.h"

using namespace evidence;

namespace {

constexpr std::uint64_t single_events = 500;
constexpr std::uint64_t batch = 100;
constexpr std::uint64_t max_signed_events = 20'000;
constexpr std::size_t row_bytes = 700;  // of an event with its tags and links

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

EventDraft draft_of(const std::string& type) {
    EventDraft draft;
    draft.type = type;
    draft.place = "laboratory";
    return draft;
}

class Bench {
public:
    Bench(std::uint64_t events, const SigningIdentity* identity)
        : events_(events), author_{{"Bench", "Bench", "", {}, {}}, identity} {
        ledger_.emplace(
            Ledger::create(folder_ / "custody.db", "B-1", draft_of("open"), author_, context_));
    }

    // Signatures by P-256 a second; the rest of an event takes a hundredth of that.
    double signed_events() {
        batched_events();
        return open_and_verify();
    }

    void run() {
        const double bare_single = bare_inserts(single_events, 1);
        const double bare_batched = bare_inserts(single_events * batch, batch);
        const double single = single_events / seconds_of([this] {
                                  for (std::uint64_t i = 0; i < single_events; ++i) {
                                      ledger_->append(draft_of("move"), author_, context_);
                                  }
                              });
        const double batched = batched_events();
        say("single events a second", single, bare_single);
        say("events a second in batches of 100", batched, bare_batched);
        fmt::print("events verified a second: {:.0f}\n", open_and_verify());
    }

private:
    static void say(const char* what, double rate, double bare) {
        fmt::print("{}: {:.0f}, {:.2f} of a bare loop of inserts\n", what, rate, rate / bare);
    }

    // Rows a second, `rows_each` in a transaction, write-ahead log, fully synchronous.
    double bare_inserts(std::uint64_t rows, std::uint64_t rows_each) {
        sqlite3* opened = nullptr;
        const std::string path = folder_ / fmt::format("bare{}.db", rows_each);
        sqlite3_open(path.c_str(), &opened);
        const DatabaseHandle database(opened);
        execute(opened,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "CREATE TABLE rows(number INTEGER PRIMARY KEY, content BLOB)");
        sqlite3_stmt* prepared = nullptr;
        sqlite3_prepare_v2(opened, "INSERT INTO rows(content) VALUES(zeroblob(?))", -1, &prepared,
                           nullptr);
        const StatementHandle statement(prepared);
        return static_cast<double>(rows) / seconds_of([&] {
                   for (std::uint64_t i = 0; i < rows; i += rows_each) {
                       execute(opened, "BEGIN IMMEDIATE");
                       for (std::uint64_t j = 0; j < rows_each; ++j) {
                           sqlite3_bind_int64(prepared, 1, row_bytes);
                           sqlite3_step(prepared);
                           sqlite3_reset(prepared);
                       }
                       execute(opened, "COMMIT");
                   }
               });
    }

    double batched_events() {
        EventDraft draft = draft_of("move");
        for (std::uint64_t i = 0; i < batch; ++i) {
            const std::string id = fmt::format("ITEM-{:03}", i);
            ItemRow row;
            row.id = id;
            row.acquisition_sha256 = std::string(64, '0');
            context_.random.fill(row.key);
            EventDraft acquire = draft_of("acquire");
            acquire.items = {id};
            ledger_->append(acquire, author_, context_, row);
            draft.items.push_back(id);
        }
        const std::uint64_t batches = std::max<std::uint64_t>(1, events_ / batch);
        return static_cast<double>(batches * batch) / seconds_of([&] {
                   for (std::uint64_t i = 0; i < batches; ++i) {
                       ledger_->append_each(draft, author_, context_);
                   }
               });
    }

    // Events a second.
    double open_and_verify() {
        ledger_.reset();
        const double open_seconds =
            seconds_of([this] { ledger_.emplace(Ledger::open(folder_ / "custody.db")); });
        const std::uint64_t size = ledger_->head().size;
        fmt::print("milliseconds to open {} events: {:.1f}\n", size, 1000 * open_seconds);
        Findings findings;
        ChainExpectations expected;
        expected.ledger_id = ledger_->id();
        expected.case_number = "B-1";
        expected.signer_chain = [this](std::string_view signer) {
            return ledger_->signer_chain(signer);
        };
        const double verify_seconds = seconds_of([&] {
            ChainVerifier verifier(expected, findings);
            ledger_->visit(0, size, [&](const LedgerLine& line) { verifier.add(line); });
            verifier.finish();
        });
        if (findings.has_failure()) {
            fmt::print(stderr, "the chain does not verify\n");
            std::exit(1);
        }
        return static_cast<double>(size) / verify_seconds;
    }

    std::uint64_t events_;
    test::TestContext context_;
    test::TemporaryFolder folder_;
    EventAuthor author_;
    std::optional<Ledger> ledger_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
    Bench(events, nullptr).run();
    const SigningIdentity identity = test::make_identity();
    fmt::print("signed events verified a second: {:.0f}\n",
               Bench(std::min(events, max_signed_events), &identity).signed_events());
    return 0;
}
