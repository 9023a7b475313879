#include "acquire_drill.h"

#include <fmt/format.h>

#include "acquisition/drill.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/json_stream.h"

namespace evidence::cli {
namespace {

void print_text(const DrillReport& report) {
    for (const DrillStep& step : report.steps) {
        write_output(fmt::format("{}: {}: {}", step.passed() ? "passed" : "FAILED", step.step,
                                 printable(step.found)));
        if (!step.passed()) write_output(fmt::format(" (expected {})", step.expected));
        write_output("\n");
    }
    write_output(fmt::format("drill {}: {}\n", name_of(report.drill),
                             report.passed() ? "passed" : "FAILED"));
}

}  // namespace

void add_drill_options(CLI::App& app, DrillOptions& options) {
    app.add_option("--drill", options.name,
                   "Instead of acquiring, try the acquisition on a made-up device with a fault: "
                   "bad-sectors, short-read, full-disk or kill")
        ->type_name("NAME")
        ->check(CLI::IsMember({"bad-sectors", "short-read", "full-disk", "kill"}));
    app.add_option("-o,--output", options.output, "Write the record of the drill to a new file")
        ->type_name("FILE");
}

void check_drill_options(const DrillOptions& options, const std::string& source) {
    const char* const hint = "see evidence-acquire --help";
    if (options.name.empty()) {
        if (source.empty()) throw Error(ErrorKind::usage, "source is required", hint);
        if (!options.output.empty()) {
            throw Error(ErrorKind::usage, "no record to write (expected --drill with --output)",
                        hint);
        }
    } else if (!source.empty()) {
        throw Error(ErrorKind::usage,
                    "a drill makes its own source: " + source + " (expected none with --drill)",
                    hint);
    }
}

ExitCode run_drill_command(const DrillOptions& options, const CommonOptions& common,
                           const ToolDetails& tool, const Context& context) {
    std::optional<AtomicFile> output;
    if (!options.output.empty()) output.emplace(options.output);
    const DrillReport report = run_drill(*drill_named(options.name), tool, context);
    if (output) {
        output->file().write(as_bytes(canonical(to_json(report)) + "\n"));
        output->commit();
    }
    if (common.json) {
        print_document(to_json(report));
    } else if (!common.quiet) {
        print_text(report);
    }
    return report.passed() ? ExitCode::done : ExitCode::no;
}

}  // namespace evidence::cli
