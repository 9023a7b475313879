// evidence-acquire --drill.
//
// Thread rule: plain functions.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "acquisition/acquisition_record.h"
#include "cli/exit_code.h"
#include "cli/tool.h"

namespace evidence::cli {

struct DrillOptions {
    std::string name;    // empty: no drill
    std::string output;  // file for the record; empty: none
};

// Error(usage) for a drill of a source, neither of them, or an output without a drill.
void check_drill_options(const DrillOptions& options, const std::string& source);

void add_drill_options(CLI::App& app, DrillOptions& options);

// Holds the drill and says what came of it: done, or the answer is no.
ExitCode run_drill_command(const DrillOptions& options, const CommonOptions& common,
                           const ToolDetails& tool, const Context& context);

}  // namespace evidence::cli
