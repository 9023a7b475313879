// What the six mains share: parse the command line, run, turn failures into one line on standard
// error and an exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/exit_code.h"

namespace evidence::cli {

// Options every tool has: --quiet, --verbose, --json, --progress=json.
struct CommonOptions {
    bool quiet = false;
    bool verbose = false;
    bool json = false;
    std::string progress = "auto";  // auto, none, json
};

// "evidence-seal: error: target exists: /x (expected a new name); hint: ..." with every control
// character escaped.
void print_error(std::string_view tool, const Error& error);
void print_warning(std::string_view tool, std::string_view message);

// Of all six tools, as --version says it: "0.1.0".
std::string_view tool_version();

// Runs one tool: `setup` declares its options, `action` does the work after a successful parse.
// Usage errors (CLI11's own codes are 100 to 127) become 2, Errors their code, anything else 70.
// With --json the line on standard error is a JSON object (schemas/error.schema.json).
int run_tool(int argc, char** argv, const std::string& name, const std::string& description,
             CommonOptions& common, const std::function<void(CLI::App&)>& setup,
             const std::function<ExitCode()>& action);

}  // namespace evidence::cli
