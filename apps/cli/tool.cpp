#include "cli/tool.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <system_error>

#include "base/json.h"
#include "base/printable.h"
#include "cli/diagnostics.h"

namespace evidence::cli {
namespace {

constexpr const char* exit_status_help =
    "Exit status: 0 done and everything holds; 1 the answer is no; 2 usage error; 3 input/output\n"
    "or environment failure; 4 malformed input; 5 key, certificate or trust material unusable;\n"
    "6 intact, but not everything could be established; 70 our bug; 130 interrupted.";

void print_failure(std::string_view tool, const CommonOptions& common, const Error& error) {
    if (!common.json) {
        print_error(tool, error);
        return;
    }
    Json json = Json::object({{"error", printable(error.message())},
                              {"exit", static_cast<int>(exit_code_for(error.kind()))},
                              {"tool", tool}});
    if (!error.hint().empty()) json.set("hint", printable(error.hint()));
    say("{}\n", canonical(json));
}

int fail(std::string_view tool, const CommonOptions& common, const Error& error) {
    print_failure(tool, common, error);
    return static_cast<int>(exit_code_for(error.kind()));
}

int fail_as_bug(std::string_view tool, const CommonOptions& common, std::string_view message) {
    const Error error(ErrorKind::io, "internal error: " + std::string(message),
                      "this is a bug in the tool; please report it with the command line");
    print_failure(tool, common, error);
    return static_cast<int>(ExitCode::bug);
}

int run_action(const std::string& tool, const CommonOptions& common,
               const std::function<ExitCode()>& action) try {
    const ExitCode code = action();
    if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
        throw Error(ErrorKind::io, "cannot write: standard output");
    }
    return static_cast<int>(code);
} catch (const Error& error) {
    return fail(tool, common, error);
} catch (const std::filesystem::filesystem_error& error) {
    return fail(tool, common,
                Error(ErrorKind::io, "file system failure: " + error.path1().native() + " (" +
                                         error.code().message() + ")"));
} catch (const std::system_error& error) {  // also a closed pipe behind fmt::print
    return fail(tool, common, Error(ErrorKind::io, error.what()));
} catch (const std::bad_alloc&) {
    return fail(tool, common, Error(ErrorKind::io, "out of memory"));
} catch (const std::exception& error) {
    return fail_as_bug(tool, common, error.what());
}

// CLI11 writes sentences; our errors start in lower case and end without a period.
std::string as_error_message(std::string message) {
    const bool starts_word = message.size() > 1 && message[1] >= 'a' && message[1] <= 'z';
    if (starts_word && message[0] >= 'A' && message[0] <= 'Z') {
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    }
    if (message.ends_with('.')) message.pop_back();
    return message;
}

void add_common_options(CLI::App& app, CommonOptions& common) {
    app.set_help_flag("--help,-h", "Print this help and exit");
    app.set_version_flag("--version", app.get_name() + " " + EVIDENCE_VERSION,
                         "Print the version and exit");
    app.add_flag("--quiet,-q", common.quiet, "Say nothing but errors on standard error");
    app.add_flag("--verbose,-v", common.verbose, "Say more on standard error");
    app.add_flag("--json", common.json, "Print one JSON document on standard output");
    app.add_option("--progress", common.progress, "Progress on standard error: auto, none or json")
        ->type_name("MODE")
        ->check(CLI::IsMember({"auto", "none", "json"}));
    app.footer(exit_status_help);
}

}  // namespace

void print_error(std::string_view tool, const Error& error) {
    std::string line = fmt::format("{}: error: {}", tool, printable(error.message()));
    if (!error.hint().empty()) line += "; hint: " + printable(error.hint());
    say("{}\n", line);
}

void print_warning(std::string_view tool, std::string_view message) {
    say("{}: warning: {}\n", tool, printable(message));
}

std::string_view tool_version() { return EVIDENCE_VERSION; }

int run_tool(int argc, char** argv, const std::string& name, const std::string& description,
             CommonOptions& common, const std::function<void(CLI::App&)>& setup,
             const std::function<ExitCode()>& action) {
    guard_standard_streams();
    CLI::App app(description, name);
    app.get_formatter()->column_width(34);
    try {
        add_common_options(app, common);
        setup(app);
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {  // --help and --version
        app.exit(success);
        if (std::cout.flush()) return static_cast<int>(ExitCode::done);
        return fail(name, common, Error(ErrorKind::io, "cannot write: standard output"));
    } catch (const CLI::ParseError& error) {
        return fail(
            name, common,
            Error(ErrorKind::usage, as_error_message(error.what()), "see " + name + " --help"));
    } catch (const Error& error) {
        return fail(name, common, error);
    }
    return run_action(name, common, action);
}

}  // namespace evidence::cli
