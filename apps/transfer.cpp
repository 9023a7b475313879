// evidence-transfer: hands a sealed package to another custodian, against a signed receipt.
#include <fmt/format.h>

#include <functional>
#include <utility>

#include "base/error.h"
#include "cli/json_stream.h"
#include "transfer/transfer_status.h"
#include "transfer_commands.h"

namespace evidence::cli {
namespace {

SigningIdentity required_identity(const ActorOptions& actor) {
    std::optional<SigningIdentity> identity = load_identity(actor);
    if (!identity) {
        throw Error(ErrorKind::usage, "no key to sign with (expected --key and --cert)",
                    "a transfer is made of signed statements");
    }
    require_sealing_identity(*identity);
    return std::move(*identity);
}

}  // namespace

Acting::Acting(const ActorOptions& actor, const CaseOptions& case_options)
    : case_options_(case_options), identity_(required_identity(actor)) {
    if (!find_case(case_options)) return;
    case_folder_ = open_case(case_options);
    author_ = author_of(actor, &identity_, case_folder_->details());
    side_.emplace(TransferCase{*case_folder_, author_, draft_of(actor, {})});
}

const TransferCase& Acting::required_side() const {
    if (!side_) (void)open_case(case_options_);  // says that there is none, and what to do
    return *side_;
}

void add_trust_option(CLI::App& app, std::vector<std::string>& trust_anchors) {
    app.add_option("--trust-anchor", trust_anchors,
                   "Certificate that is trusted, or a folder of them; may be repeated")
        ->type_name("FILE")
        ->allow_extra_args(false);
}

void add_statement_authority(CLI::App& app, AuthorityOptions& options) {
    add_authority_options(app, options, "Authority to ask for a time-stamp over the statement");
}

TrustStore trust_of(const std::vector<std::string>& trust_anchors) {
    TrustStore trust;
    for (const std::string& path : trust_anchors) trust.add_anchors(path);
    return trust;
}

void print_result(const fs::path& made, const fs::path& folder, const CommonOptions& common) {
    if (common.json) {
        print_document(status_json(read_transfer_status(folder)));
    } else {
        fmt::print("{}\n", made.native());
    }
}

}  // namespace evidence::cli

int main(int argc, char** argv) {
    using namespace evidence;
    using namespace evidence::cli;
    CommonOptions common;
    SendOptions send;
    ReceiveOptions receive;
    CloseOptions close;
    StatusOptions status;
    std::vector<std::pair<const CLI::App*, std::function<ExitCode()>>> commands;
    const auto setup = [&](CLI::App& app) {
        app.require_subcommand(1);
        commands = {
            {add_send(app, send), [&] { return run_send(send, common); }},
            {add_receive(app, receive), [&] { return run_receive(receive, common); }},
            {add_close(app, close), [&] { return run_close(close, common); }},
            {add_status(app, status), [&] { return run_status(status, common); }},
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
    return run_tool(argc, argv, transfer_tool,
                    "Hand a sealed package to another custodian against a signed receipt.", common,
                    setup, action);
}
