// evidence-hash: what its command line says, and what its ways of running share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/tool.h"
#include "digest/hash_queue.h"
#include "digest/list_reader.h"

namespace evidence::cli {

inline constexpr const char* hash_tool = "evidence-hash";

struct HashOptions {
    CommonOptions common;
    std::optional<std::string> algorithms;  // default: sha256, or what the list says
    std::string format;                     // empty: by the number of algorithms
    bool recursive = false;
    bool zero = false;
    unsigned threads = 0;             // 0: one per core
    std::optional<std::string> list;  // of --check
    bool ignore_missing = false;
    std::string audit, known;  // lists
    std::string index;         // of --known; empty: beside the list
    std::string show;          // with --known
    std::string list_format;   // of --check, --audit and --known; empty: as the list begins
    std::string pieces;        // size
    std::string files_from;
    std::vector<std::string> include, exclude;
    std::string engine;
    std::vector<std::string> paths;

    bool reads_files() const { return !list; }
};

unsigned threads_of(const HashOptions& options);
std::vector<Algorithm> algorithms_of(const HashOptions& options);

// Adds all that the command line names, and the list of --files-from, in that order.
class HashInputs {
public:
    explicit HashInputs(const HashOptions& options);
    void add_to(HashQueue& queue, AlgorithmSet algorithms) const;

private:
    void add(HashQueue& queue, const std::string& path, AlgorithmSet algorithms) const;

    const HashOptions& options_;
    TreeSelection selection_;
};

// In a tree, and no error.
inline bool is_skipped(const HashedFile& file) {
    return file.outcome == FileOutcome::skipped_symlink ||
           file.outcome == FileOutcome::skipped_special;
}

// What was not hashed, said on standard error and counted.
class HashComplaints {
public:
    explicit HashComplaints(const HashOptions& options) : options_(options) {}

    // Precondition: not hashed.
    void add(const HashedFile& file, bool is_silent);
    std::uint64_t unreadable() const { return unreadable_; }
    std::uint64_t skipped() const { return links_ + special_; }
    void say_links() const;  // how many were not followed

private:
    void say(const HashedFile& file) const;

    const HashOptions& options_;
    std::uint64_t unreadable_ = 0, links_ = 0, special_ = 0;
};

// A list that an option names, "-" being standard input, with its problems said as warnings.
class OpenedList {
public:
    OpenedList(const HashOptions& options, const std::string& path);

    ListReader& reader() { return *reader_; }
    const std::string& name() const { return name_; }
    // Says the first few on standard error and counts all.
    void problem(std::string_view line, std::string_view expected);
    std::uint64_t problems() const { return problems_; }
    void require_lines(std::uint64_t proper) const;  // Error(malformed) when there is none

private:
    std::string name_;
    File file_;
    std::optional<LineReader> lines_;
    std::optional<ListReader> reader_;
    std::uint64_t problems_ = 0;
};
ListReading reading_of(const HashOptions& options);

ExitCode run_hash_lines(const HashOptions& options, const Context& context);
ExitCode run_hash_check(const HashOptions& options, const Context& context);
ExitCode run_hash_audit(const HashOptions& options, const Context& context);
ExitCode run_hash_known(const HashOptions& options, const Context& context);
ExitCode run_hash_pieces(const HashOptions& options, const Context& context);

}  // namespace evidence::cli
