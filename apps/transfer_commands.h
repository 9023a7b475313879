// The commands of evidence-transfer, one struct of options and one function each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/case_options.h"
#include "cli/environment.h"
#include "cli/timestamp_client.h"
#include "cli/tool.h"
#include "signature/trust.h"
#include "transfer/part_list.h"
#include "transfer/transfer_record.h"

namespace evidence::cli {

inline constexpr const char* transfer_tool = "evidence-transfer";

struct SendOptions {
    std::string package, destination, answer_by;
    std::vector<std::string> recipients;
    std::string part_size = "16MiB";
    bool in_clear = false;
    AuthorityOptions authority;
    CaseOptions case_options;
    ActorOptions actor;
};
CLI::App* add_send(CLI::App& app, SendOptions& options);
ExitCode run_send(const SendOptions& options, const CommonOptions& common);

struct ReceiveOptions {
    std::string source, output, refuse, media;
    std::string decrypt_key, decrypt_certificate, decrypt_password_file;
    std::vector<std::string> trust_anchors;
    AuthorityOptions authority;  // its anchors count for the time-stamps of the package as well
    CaseOptions case_options;
    ActorOptions actor;
};
CLI::App* add_receive(CLI::App& app, ReceiveOptions& options);
ExitCode run_receive(const ReceiveOptions& options, const CommonOptions& common);

struct CloseOptions {
    std::string transfer, receipt;
    std::vector<std::string> trust_anchors;
    AuthorityOptions authority;
    CaseOptions case_options;
    ActorOptions actor;
};
CLI::App* add_close(CLI::App& app, CloseOptions& options);
ExitCode run_close(const CloseOptions& options, const CommonOptions& common);

struct StatusOptions {
    std::string transfer;
    CaseOptions case_options;
};
CLI::App* add_status(CLI::App& app, StatusOptions& options);
ExitCode run_status(const StatusOptions& options, const CommonOptions& common);

// Who acts, and for which case when there is one.
class Acting {
public:
    // Error(usage) without a key; Error(crypto) when it may not sign statements.
    Acting(const ActorOptions& actor, const CaseOptions& case_options);
    Acting(const Acting&) = delete;
    Acting& operator=(const Acting&) = delete;

    const SigningIdentity& identity() const { return identity_; }
    const TransferCase* side() const { return side_ ? &*side_ : nullptr; }
    // Error(usage) with the `init` hint when there is no case.
    const TransferCase& required_side() const;

private:
    CaseOptions case_options_;
    SigningIdentity identity_;
    std::optional<CaseFolder> case_folder_;
    EventAuthor author_;
    std::optional<TransferCase> side_;
};

// --timestamp and what belongs to it, over the signature of a statement; without anchors.
void add_statement_authority(CLI::App& app, AuthorityOptions& options);

void add_trust_option(CLI::App& app, std::vector<std::string>& trust_anchors);
TrustStore trust_of(const std::vector<std::string>& trust_anchors);

// What every command but status answers: the path of what it made, or with --json the status of
// the transfer in `folder`.
void print_result(const fs::path& made, const fs::path& folder, const CommonOptions& common);

}  // namespace evidence::cli
