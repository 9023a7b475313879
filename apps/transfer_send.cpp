// evidence-transfer send.
#include <fmt/format.h>

#include "base/error.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "cli/size_option.h"
#include "transfer/send.h"
#include "transfer_commands.h"

namespace evidence::cli {
namespace {

// "16MiB", "65536"; Error(usage) for anything else.
std::uint64_t parse_part_size(const std::string& text) {
    const std::optional<std::uint64_t> bytes = parse_size(text);
    if (bytes && *bytes <= max_part_bytes) return *bytes;
    throw Error(ErrorKind::usage,
                "unusable part size: " + text + " (expected 64KiB to 64MiB, such as 16MiB)");
}

// "2026-12-01T12:00:00Z", with or without decimals.
std::optional<UtcTime> parse_answer_by(const std::string& text) {
    if (text.empty()) return std::nullopt;
    std::string full = text;
    if (full.size() == 20 && full.ends_with('Z')) full.insert(19, ".000");
    if (const std::optional<UtcTime> time = parse_utc(full)) return time;
    throw Error(ErrorKind::usage,
                "unusable time: " + text + " (expected UTC such as 2026-12-01T12:00:00Z)");
}

// The leaf stands first in a file that holds a chain.
std::vector<Certificate> load_recipients(const std::vector<std::string>& paths) {
    std::vector<Certificate> recipients;
    for (const std::string& path : paths) {
        recipients.push_back(load_certificates(path).front());
    }
    return recipients;
}

}  // namespace

CLI::App* add_send(CLI::App& app, SendOptions& options) {
    CLI::App* command = app.add_subcommand("send", "Send a sealed package with a signed offer");
    command->add_option("package", options.package, "The sealed package")
        ->type_name("PACKAGE")
        ->required();
    command->add_option("--to", options.destination, "Folder in which the transfer folder appears")
        ->type_name("DEST")
        ->required();
    command
        ->add_option("--recipient", options.recipients,
                     "Certificate of who may open and answer it; may be repeated")
        ->type_name("CERT")
        ->required()
        ->allow_extra_args(false);
    command
        ->add_option("--part-size", options.part_size,
                     "Bytes of the package in one part, 64KiB to 64MiB (default 16MiB)")
        ->type_name("SIZE");
    command->add_flag("--no-encrypt", options.in_clear, "Send the parts in clear");
    command->add_option("--answer-by", options.answer_by, "Ask for an answer by this UTC time")
        ->type_name("TIME");
    add_statement_authority(*command, options.authority);
    add_authority_anchors(*command, options.authority);
    add_case_options(*command, options.case_options);
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_send(const SendOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    SendRequest request;
    request.package = options.package;
    request.destination = options.destination;
    request.recipients = load_recipients(options.recipients);
    request.form = options.in_clear ? PartForm::clear : PartForm::encrypted;
    request.part_size_bytes = parse_part_size(options.part_size);
    request.answer_by = parse_answer_by(options.answer_by);
    const Acting acting(options.actor, options.case_options);
    const TimestampClient client(options.authority);
    client.try_out(environment.context().random);
    request.authority = client.authority_if_any();
    const SentTransfer sent =
        send_transfer(request, acting.identity(), acting.side(), environment.context());
    if (!common.quiet) {
        const std::size_t recipients = sent.offer.recipients.size();
        say("{}: {}: {} bytes in {} part{}, for {} recipient{}\n", transfer_tool,
            sent.was_resumed ? "sent, resumed" : "sent", sent.offer.package.size_bytes,
            sent.offer.parts, sent.offer.parts == 1 ? "" : "s", recipients,
            recipients == 1 ? "" : "s");
        if (!acting.side()) {
            print_warning(transfer_tool,
                          "sent without a case: this transfer can never be closed with a receipt "
                          "(give --case)");
        }
    }
    print_result(sent.folder, sent.folder, common);
    return ExitCode::done;
}

}  // namespace evidence::cli
