// The subcommands of evidence-custody. Each has its options, declares them in add_*() and does its
// work in run_*().
#pragma once

#include <string>
#include <vector>

#include "cli/case_options.h"
#include "cli/environment.h"
#include "cli/timestamp_client.h"
#include "cli/tool.h"

namespace evidence::cli {

inline constexpr const char* custody_tool = "evidence-custody";

// Opens a case.
struct InitOptions {
    std::string folder, case_number, title, country;
    ActorOptions actor;
};
CLI::App* add_init(CLI::App& app, InitOptions& options);
ExitCode run_init(const InitOptions& options, const CommonOptions& common);

// Makes a key and a certificate.
struct IdentityOptions {
    std::string name, organization, country, key_path, certificate_path, request_path;
};
CLI::App* add_identity(CLI::App& app, IdentityOptions& options);
ExitCode run_identity(const IdentityOptions& options, const CommonOptions& common);

// Writes down what somebody did by hand.
struct RecordOptions {
    CaseOptions where;
    ActorOptions actor;
    std::string type, from, to, package, at;
    std::vector<std::string> items;
    std::int64_t corrects = -1;
};
CLI::App* add_record(CLI::App& app, RecordOptions& options);
ExitCode run_record(const RecordOptions& options, const CommonOptions& common);

// Fixes how far the ledger goes now, for somebody else to keep.
struct CheckpointOptions {
    CaseOptions where;
    ActorOptions actor;
    AuthorityOptions authority;
    std::string output;
};
CLI::App* add_checkpoint(CLI::App& app, CheckpointOptions& options);
ExitCode run_checkpoint(const CheckpointOptions& options, const CommonOptions& common);

// Shows the ledger to people, or as one JSON document.
struct LogOptions {
    CaseOptions where;
    std::string item;
};
CLI::App* add_log(CLI::App& app, LogOptions& options);
ExitCode run_log(const LogOptions& options, const CommonOptions& common);

// Hands out the ledger for other programs.
struct ExportOptions {
    CaseOptions where;
    std::string format, output;
};
CLI::App* add_export(CLI::App& app, ExportOptions& options);
ExitCode run_export(const ExportOptions& options, const CommonOptions& common);

// What a writing command has done: a line per event on standard output, or with --json the document
// that `log --json` prints, with these events only. Warns of events that nobody signed.
void print_written(const CaseFolder& folder, const std::vector<LedgerLine>& lines,
                   const CommonOptions& common);

// The parts of the document of `log --json` before, between and after its events.
std::string log_document_start(const CaseFolder& folder);
std::string log_document_event(const LedgerLine& line, bool first);
std::string log_document_end(const CaseFolder& folder, std::uint64_t size, const Sha256& link);

}  // namespace evidence::cli
