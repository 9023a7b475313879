// evidence-transfer close and status.
#include <fmt/format.h>

#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "cli/json_stream.h"
#include "transfer/close.h"
#include "transfer/transfer_status.h"
#include "transfer_commands.h"

namespace evidence::cli {

CLI::App* add_close(CLI::App& app, CloseOptions& options) {
    CLI::App* command = app.add_subcommand(
        "close", "Record the recipient's answer and acknowledge it, or record the sender's close");
    command->add_option("transfer", options.transfer, "The transfer folder, or an id in the case")
        ->type_name("TRANSFER")
        ->required();
    command
        ->add_option("--receipt", options.receipt,
                     "The answer that came back: receipt.json or refusal.json")
        ->type_name("FILE");
    add_statement_authority(*command, options.authority);
    add_authority_anchors(*command, options.authority);
    add_trust_option(*command, options.trust_anchors);
    add_case_options(*command, options.case_options);
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_close(const CloseOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    const Acting acting(options.actor, options.case_options);
    const TransferCase& side = acting.required_side();
    const TrustStore trust = trust_of(options.trust_anchors);
    const TimestampClient client(options.authority);
    if (options.receipt.empty() && client.authority_if_any()) {
        throw Error(ErrorKind::usage, "nothing to time-stamp (expected --timestamp with --receipt)",
                    "the sender's close is recorded as it is");
    }
    const TransferName transfer = find_transfer(options.transfer, &side.folder);
    const ClosedTransfer closed =
        options.receipt.empty()
            ? record_close(transfer, side, trust, environment.context())
            : close_transfer(transfer, options.receipt, acting.identity(), side, trust,
                             environment.context(), client.authority_if_any());
    if (!closed.close_path) {
        throw Error(ErrorKind::refused,
                    "the recipient refused the transfer: " + transfer.id + " (" +
                        closed.answer.reason + ")",
                    "the refusal is recorded; there is nothing to close");
    }
    if (!common.quiet) say("{}: closed {}\n", transfer_tool, transfer.id);
    print_result(*closed.close_path, transfer.folder, common);
    return ExitCode::done;
}

CLI::App* add_status(CLI::App& app, StatusOptions& options) {
    CLI::App* command = app.add_subcommand("status", "Show where a transfer stands");
    command->add_option("transfer", options.transfer, "The transfer folder, or an id in the case")
        ->type_name("TRANSFER")
        ->required();
    add_case_options(*command, options.case_options);
    return command;
}

ExitCode run_status(const StatusOptions& options, const CommonOptions& common) {
    std::optional<CaseFolder> case_folder;
    if (!is_folder(options.transfer) && find_case(options.case_options)) {
        case_folder = open_case(options.case_options);
    }
    const TransferName transfer =
        find_transfer(options.transfer, case_folder ? &*case_folder : nullptr);
    const TransferStatus status = read_transfer_status(transfer.folder);
    if (common.json) {
        print_document(status_json(status));
    } else {
        fmt::print("{}", status_text(status));
    }
    return ExitCode::done;
}

}  // namespace evidence::cli
