// evidence-custody: opens a case, makes an identity, records what people do with the evidence,
// shows and exports the ledger, fixes it in checkpoints.
#include "custody_commands.h"

#include <functional>
#include <utility>

#include "base/error.h"

int main(int argc, char** argv) {
    using namespace evidence;
    using namespace evidence::cli;
    CommonOptions common;
    InitOptions init;
    IdentityOptions identity;
    RecordOptions record;
    CheckpointOptions checkpoint;
    LogOptions log;
    ExportOptions export_options;
    std::vector<std::pair<const CLI::App*, std::function<ExitCode()>>> commands;
    const auto setup = [&](CLI::App& app) {
        app.require_subcommand(0, 1);
        commands = {
            {add_init(app, init), [&] { return run_init(init, common); }},
            {add_identity(app, identity), [&] { return run_identity(identity, common); }},
            {add_record(app, record), [&] { return run_record(record, common); }},
            {add_log(app, log), [&] { return run_log(log, common); }},
            {add_checkpoint(app, checkpoint), [&] { return run_checkpoint(checkpoint, common); }},
            {add_export(app, export_options), [&] { return run_export(export_options, common); }},
        };
        // Options that every command has may stand behind its name.
        for (CLI::App* command : app.get_subcommands(nullptr)) command->fallthrough();
    };
    const auto action = [&] {
        for (const auto& [command, run] : commands) {
            if (command->parsed()) return run();
        }
        throw Error(ErrorKind::usage, "no command given (expected one of those in --help)");
    };
    return run_tool(argc, argv, custody_tool, "Keep the custody ledger of a case.", common, setup,
                    action);
}
