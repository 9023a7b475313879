#include "acquisition/drill.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const ToolDetails tool{"evidence-acquire", "test", ""};

std::string failed_steps(const DrillReport& report) {
    std::string text;
    for (const DrillStep& step : report.steps) {
        if (!step.passed()) text += step.step + ": " + step.found + "\n";
    }
    return text;
}

// What an acquisition made is spoilt behind its back.
Acquirer spoiling(const std::function<void(const AcquiredItem&)>& spoil) {
    return [spoil](CaseFolder& folder, const AcquireRequest& request, const Context& context) {
        AcquiredItem item = acquire(folder, request, context);
        spoil(item);
        return item;
    };
}

void overwrite(const fs::path& path, std::uint64_t offset, std::string_view bytes) {
    File file = File::adopt(::open(path.c_str(), O_WRONLY | O_CLOEXEC), path.native());
    file.write_at(as_bytes(bytes), offset);
}

}  // namespace

TEST_CASE("every drill passes, says its steps and leaves nothing behind") {
    for (Drill drill : {Drill::bad_sectors, Drill::short_read, Drill::full_disk, Drill::kill}) {
        CAPTURE(name_of(drill));
        TestContext context;
        const DrillReport report = run_drill(drill, tool, context);
        CHECK(report.passed());
        CHECK(failed_steps(report) == "");
        CHECK(report.steps.size() >= 6);
        CHECK(drill_named(name_of(drill)) == drill);
        CHECK(fs::is_empty(context.context.scratch_folder));
        CHECK(to_json(report).at("passed").boolean());
    }
}

TEST_CASE("a drill notices a byte that is wrong, wherever it is") {
    TestContext context;
    const std::uint64_t end = 8 * mib + 512;
    for (std::uint64_t offset : {std::uint64_t{512}, 3 * mib, 5 * mib + 1024, end - 513}) {
        CAPTURE(offset);
        const DrillReport report = run_drill(
            Drill::bad_sectors, tool, context, spoiling([offset](const AcquiredItem& item) {
                const fs::path object = item.folder / "file.bin";
                overwrite(object, offset,
                          std::string(1, '\0') == read_file(object).substr(offset, 1)
                              ? "\x01"
                              : std::string_view("\0", 1));
            }));
        CHECK_FALSE(report.passed());
        CHECK(failed_steps(report) == "the object, byte by byte: other bytes from byte " +
                                          std::to_string(offset) + " on\n");
    }
}

TEST_CASE("a drill notices a neighbour that was lost, and data that was moved") {
    TestContext context;
    const DrillReport lost =
        run_drill(Drill::bad_sectors, tool, context, spoiling([](const AcquiredItem& item) {
                      overwrite(item.folder / "file.bin", 3'000'320 + 512, std::string(512, '\0'));
                  }));
    CHECK(failed_steps(lost) == "the object, byte by byte: other bytes from byte 3000832 on\n");
    const DrillReport moved = run_drill(
        Drill::bad_sectors, tool, context, spoiling([](const AcquiredItem& item) {
            const std::string bytes = read_file(item.folder / "file.bin");
            overwrite(item.folder / "file.bin", 512, std::string_view(bytes).substr(0, 1024));
        }));
    CHECK_FALSE(moved.passed());
}

TEST_CASE("a drill notices an acquisition that is silent about what it could not read") {
    TestContext context;
    const Acquirer silent = [](CaseFolder& folder, const AcquireRequest& request,
                               const Context& with) {
        AcquiredItem item = acquire(folder, request, with);
        item.complete = true;
        item.bad_ranges = {};
        return item;
    };
    CHECK(failed_steps(run_drill(Drill::bad_sectors, tool, context, silent)) ==
          "the acquisition: complete\nthe ranges said to be unreadable: none\n");
}

TEST_CASE("a drill notices an acquisition that does not fail, or cannot be resumed") {
    TestContext context;
    // It fills although it was to stop.
    const Acquirer never_stops = [](CaseFolder& folder, AcquireRequest request,
                                    const Context& with) {
        request.errors.on_error = OnError::fill;
        return acquire(folder, request, with);
    };
    CHECK_FALSE(run_drill(Drill::bad_sectors, tool, context, never_stops).passed());
    const Acquirer never_resumes = [](CaseFolder& folder, const AcquireRequest& request,
                                      const Context& with) -> AcquiredItem {
        if (request.resume) throw Error(ErrorKind::refused, "cannot resume: on purpose");
        return acquire(folder, request, with);
    };
    for (Drill drill : {Drill::full_disk, Drill::kill}) {
        const DrillReport report = run_drill(drill, tool, context, never_resumes);
        CHECK_FALSE(report.passed());
        CHECK(failed_steps(report).find("cannot resume: on purpose") != std::string::npos);
    }
    // It ends before the device is asked for its middle: nothing to kill.
    const Acquirer idle = [](CaseFolder&, const AcquireRequest&, const Context&) -> AcquiredItem {
        throw Error(ErrorKind::io, "does nothing");
    };
    CHECK_FALSE(run_drill(Drill::kill, tool, context, idle).passed());
    CHECK_FALSE(run_drill(Drill::full_disk, tool, context, idle).passed());
}

TEST_CASE("a drill ends when the user asks for it") {
    TestContext context;
    context.interrupted = true;
    CHECK(test::kind_of_error([&] { run_drill(Drill::bad_sectors, tool, context); }) ==
          ErrorKind::interrupted);
    CHECK(fs::is_empty(context.context.scratch_folder));
}
