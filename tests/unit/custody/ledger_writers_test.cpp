// Several writers at one ledger, and writers that are killed: nothing acknowledged is ever lost.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// Every event is there once, in order, and each link follows; returns how many there are.
std::uint64_t require_whole_chain(const Ledger& ledger) {
    Sha256 link = first_link(ledger.id());
    std::uint64_t seq = 0;
    ledger.visit(0, UINT64_MAX, [&](const LedgerLine& line) {
        REQUIRE(line.seq == seq);
        link = next_link(link, event_digest(line.tags, line.event_bytes_digest));
        REQUIRE(line.link == link);
        ++seq;
    });
    REQUIRE(ledger.head().size == seq);
    REQUIRE(ledger.head().hash == link);
    return seq;
}

// Runs in a process of its own: appends `count` events and writes the number of each into the pipe
// once it is acknowledged. Exit status 0 when all went well.
[[noreturn]] void append_events(const fs::path& path, std::uint64_t count, int acknowledged) {
    try {
        TestContext context;
        context.random.counter = static_cast<std::uint64_t>(::getpid());
        Ledger ledger = Ledger::open(path);
        for (std::uint64_t i = 0; i < count; ++i) {
            const LedgerLine line = ledger.append(draft("incident"), author(), context);
            if (::write(acknowledged, &line.seq, sizeof line.seq) != sizeof line.seq) ::_exit(2);
        }
    } catch (...) {
        ::_exit(1);
    }
    ::_exit(0);
}

struct Writers {
    std::array<int, 2> pipe{};
    std::vector<pid_t> processes;

    Writers(const fs::path& path, int count, std::uint64_t events_each) {
        REQUIRE(::pipe(pipe.data()) == 0);
        for (int i = 0; i < count; ++i) {
            const pid_t process = ::fork();
            REQUIRE(process >= 0);
            if (process == 0) append_events(path, events_each, pipe[1]);
            processes.push_back(process);
        }
        ::close(pipe[1]);
    }
    ~Writers() {
        kill_all();
        ::close(pipe[0]);
    }
    Writers(const Writers&) = delete;
    Writers& operator=(const Writers&) = delete;

    // The number of the next acknowledged event; nullopt once all writers are gone.
    std::optional<std::uint64_t> next() {
        std::uint64_t seq = 0;
        const ssize_t got = ::read(pipe[0], &seq, sizeof seq);
        REQUIRE((got == 0 || got == sizeof seq));
        return got == 0 ? std::nullopt : std::optional(seq);
    }
    void kill_all() {
        for (const pid_t process : processes) ::kill(process, SIGKILL);
        for (const pid_t process : processes) ::waitpid(process, nullptr, 0);
        processes.clear();
    }
    // True when every one ended by itself and well.
    bool wait_all() {
        bool good = true;
        for (const pid_t process : processes) {
            int status = 0;
            ::waitpid(process, &status, 0);
            good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        }
        processes.clear();
        return good;
    }
};

struct EmptyLedger {
    TestContext context;
    TemporaryFolder folder;
    fs::path path = folder / "custody.db";
    EmptyLedger() { Ledger::create(path, "C-1", draft("open"), author(), context); }
};

}  // namespace

TEST_CASE("eight processes append 200 events each: one chain, no gap, none lost") {
    const EmptyLedger empty;
    Writers writers(empty.path, 8, 200);
    std::set<std::uint64_t> acknowledged;
    while (const auto seq = writers.next()) CHECK(acknowledged.insert(*seq).second);
    CHECK(writers.wait_all());
    CHECK(acknowledged.size() == 1600);
    CHECK(require_whole_chain(Ledger::open(empty.path)) == 1601);
}

TEST_CASE("after kill -9 every acknowledged event is there and the chain holds, 50 times") {
    const EmptyLedger empty;
    std::uint64_t last_acknowledged = 0;
    for (int round = 0; round < 50; ++round) {
        CAPTURE(round);
        Writers writers(empty.path, 2, 1'000'000);
        for (int events = 0; events <= round % 7; ++events) {
            last_acknowledged = std::max(last_acknowledged, writers.next().value());
        }
        writers.kill_all();
        while (const auto seq = writers.next()) {
            last_acknowledged = std::max(last_acknowledged, *seq);
        }
        CHECK(require_whole_chain(Ledger::open(empty.path)) > last_acknowledged);
    }
    TestContext context;
    CHECK_NOTHROW(Ledger::open(empty.path).append(draft("incident"), author(), context));
}
