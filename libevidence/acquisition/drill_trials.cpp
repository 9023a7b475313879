#include "acquisition/drill_trials.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "acquisition/drill_child.h"

namespace evidence {
namespace {

constexpr std::uint64_t sector = 512;
constexpr std::uint64_t small_disk = 8 * mib + sector;  // an odd number of sectors
// What is under way at once, up to 40 MiB, is behind the middle for sure.
constexpr std::uint64_t large_disk = 96 * mib + sector;
constexpr std::uint64_t middle = 72 * mib;

std::string kept_or_not(const DrillBench& bench, const std::string& item) {
    return bench.is_resumable(item) ? "kept to be resumed" : "not kept";
}

// What a failure has to name, or all that it says.
std::string named(const std::string& failure, const std::string& what) {
    if (failure.empty()) return "no failure";
    return failure.find(what) != std::string::npos ? what : failure;
}

std::string outcome_word(const DrillBench::Outcome& outcome) {
    if (!outcome.item) return "a failure: " + outcome.failure;
    return outcome.item->complete ? "complete" : "incomplete, exit status 6";
}

std::string ranges_text(const std::vector<BadRange>& ranges) {
    std::string text;
    for (const BadRange& range : ranges) {
        text +=
            fmt::format("{}{}+{}", text.empty() ? "" : ", ", range.offset_bytes, range.size_bytes);
    }
    return text.empty() ? "none" : text;
}

std::string digest_of(const DrillBench::Outcome& outcome) {
    return outcome.item ? outcome.item->object.digests.at(Algorithm::sha256) : "no item";
}

void expect_whole(DrillBench& bench, const std::string& item, const DrillBench::Outcome& outcome) {
    bench.expect("the acquisition", "complete", outcome_word(outcome));
    bench.expect_same_bytes(item, bench.disk());
    bench.expect("its digest", bench.sha256_of(bench.disk()), digest_of(outcome));
    bench.expect("events of its acquisition", "1", std::to_string(bench.events_of_type("acquire")));
}

void expect_failure(DrillBench& bench, const std::string& item, const DrillBench::Outcome& outcome,
                    const std::string& naming) {
    bench.expect("the failure names", naming,
                 outcome.item ? "no failure" : named(outcome.failure, naming));
    bench.expect_nothing_acquired(item);
}

void stop_at_a_bad_sector(DrillBench& bench) {
    DrillDevice device(bench.disk());
    device.bad = {{3'000'320, sector, EIO}};
    const auto outcome = bench.acquire(bench.request("STOP-1", device));
    expect_failure(bench, "STOP-1", outcome, "at byte 3000320, sector 5860");
    bench.expect("the failure in the ledger", "1",
                 std::to_string(bench.events_of_type("acquire_failed")));
}

// The first sector, every second one of a stretch, one alone, three across a piece, the last.
std::vector<BadRange> places_of_trouble() {
    constexpr std::uint64_t stretch = 2 * mib + sector, stretch_sectors = 12;
    std::vector<BadRange> places = {{0, sector, EIO}};
    for (std::uint64_t i = 0; i < stretch_sectors; i += 2) {
        places.push_back({stretch + i * sector, sector, EIO});
    }
    places.push_back({3'000'320, sector, EIO});
    places.push_back({5 * mib - sector, 3 * sector, EIO});
    places.push_back({small_disk - sector, sector, EIO});
    return places;
}

// And one more that fails only once.
void fill_bad_sectors(DrillBench& bench) {
    DrillDevice device(bench.disk());
    device.bad = places_of_trouble();
    device.bad_for_once = {{6 * mib, sector, EIO}};
    const std::vector<BadRange> bad = device.bad;
    AcquireRequest request = bench.request("FILL-1", device);
    request.errors.on_error = OnError::fill;
    const auto outcome = bench.acquire(request);
    const fs::path expected = bench.expected_image(bad);
    bench.expect("the acquisition", "incomplete, exit status 6", outcome_word(outcome));
    bench.expect_same_bytes("FILL-1", expected);
    bench.expect("its digest", bench.sha256_of(expected), digest_of(outcome));
    bench.expect("the ranges said to be unreadable", ranges_text(bad),
                 outcome.item ? ranges_text(outcome.item->bad_ranges.all()) : "no item");
}

}  // namespace

void drill_bad_sectors(DrillBench& bench) {
    bench.make_disk(small_disk);
    stop_at_a_bad_sector(bench);
    fill_bad_sectors(bench);
}

void drill_short_reads(DrillBench& bench) {
    constexpr std::size_t odd_answer = 1000;
    constexpr std::uint64_t early_end = 5 * mib + 100;
    bench.make_disk(small_disk);
    DrillDevice device(bench.disk());
    device.longest_answer = odd_answer;
    expect_whole(bench, "SHORT-1", bench.acquire(bench.request("SHORT-1", device)));

    DrillDevice ending(bench.disk());
    ending.ends_at = early_end;
    const auto outcome = bench.acquire(bench.request("EARLY-1", ending));
    expect_failure(bench, "EARLY-1", outcome, std::to_string(small_disk) + " bytes");
    bench.expect("the failure in the ledger", "1",
                 std::to_string(bench.events_of_type("acquire_failed")));
    // The made-up device is a file, and a file that became shorter is another one.
    bench.expect("what was written", "not kept", kept_or_not(bench, "EARLY-1"));
}

void drill_full_disk(DrillBench& bench) {
    bench.make_disk(large_disk);
    DrillDevice device(bench.disk());
    AcquireRequest request = bench.request("FULL-1", device);
    const ChildEnd end =
        run_in_child([&] { return bench.acquire(request).failure; }, middle, bench.context());
    const DrillBench::Outcome outcome{std::nullopt, end.answer};
    expect_failure(bench, "FULL-1", outcome, "cannot write");
    bench.expect("the failure in the ledger", "1",
                 std::to_string(bench.events_of_type("acquire_failed")));
    bench.expect("what was written", "kept to be resumed", kept_or_not(bench, "FULL-1"));
    request.resume = true;
    expect_whole(bench, "FULL-1", bench.acquire(request));
}

void drill_kill(DrillBench& bench) {
    bench.make_disk(large_disk);
    DrillDevice device(bench.disk());
    device.calls_at = middle;
    AcquireRequest request = bench.request("KILL-1", device);
    const ChildEnd end = kill_in_the_middle(
        [&](const std::function<void()>& stop_here) {
            device.on_call = stop_here;
            return bench.acquire(request).failure;
        },
        bench.context());
    bench.expect("the process ended by signal", std::to_string(SIGKILL),
                 std::to_string(end.signal_number));
    bench.expect_nothing_acquired("KILL-1");
    bench.expect("events of its acquisition until then", "0",
                 std::to_string(bench.events_of_type("acquire")));
    bench.expect("what was written", "kept to be resumed", kept_or_not(bench, "KILL-1"));
    DrillDevice healthy(bench.disk());
    request.device = &healthy;
    request.resume = true;
    expect_whole(bench, "KILL-1", bench.acquire(request));
}

}  // namespace evidence
