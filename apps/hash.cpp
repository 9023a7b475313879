// evidence-hash: digests of files and trees, and lists of digests checked against files.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/hex.h"
#include "base/printable.h"
#include "cli/environment.h"
#include "cli/json_stream.h"
#include "cli/tool.h"
#include "digest/hash_check.h"
#include "digest/hash_queue.h"

namespace evidence::cli {
namespace {

constexpr const char* tool = "evidence-hash";
constexpr unsigned max_threads = 256;
constexpr std::uint64_t max_shown_lines = 10;  // that are no checksum lines; all are counted

struct Options {
    CommonOptions common;
    std::optional<std::string> algorithms;  // default: sha256, or what the list says
    std::string format;                     // empty: by the number of algorithms
    bool recursive = false;
    bool zero = false;
    unsigned threads = 0;             // 0: one per core
    std::optional<std::string> list;  // of --check
    bool ignore_missing = false;
    std::vector<std::string> paths;
};

void setup(CLI::App& app, Options& options) {
    app.add_option("--algorithm,-a", options.algorithms,
                   "Algorithms, comma separated: md5, sha1, sha256 (default), sha384, sha512, "
                   "sha3-256, blake2b512")
        ->type_name("LIST");
    app.add_flag("--recursive,-r", options.recursive, "Hash the files below folders");
    app.add_flag("--zero,-0", options.zero, "End lines with a zero byte and escape no name");
    app.add_option("--format", options.format,
                   "Form of lines: sha256sum (default) or bsd (default for several algorithms)")
        ->type_name("FORM")
        ->check(CLI::IsMember({"sha256sum", "bsd"}));
    app.add_option("--threads,-j", options.threads, "Threads (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1u, max_threads));
    app.add_option("--check,-c", options.list, "Check the files a list names; - is standard input")
        ->type_name("LIST");
    app.add_flag("--ignore-missing", options.ignore_missing,
                 "With --check: say nothing of files that are not there");
    app.add_option("path", options.paths, "Files, or folders with -r; - is standard input")
        ->type_name("PATH");
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-hash --help");
}

unsigned threads_of(const Options& options) {
    if (options.threads > 0) return options.threads;
    return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads);
}

class HashRun {
public:
    HashRun(const Options& options, const Context& context)
        : options_(options),
          context_(context),
          algorithms_(parse_algorithm_list(options.algorithms.value_or("sha256"))),
          form_(form()) {}

    ExitCode run() {
        if (options_.common.json) {
            json_.emplace(Json::object({{"algorithms", algorithm_names()}}), "files");
        }
        context_.progress.start("hashing", std::nullopt);
        HashQueue queue(context_, threads_of(options_),
                        [this](const HashedFile& file) { show(file); });
        const AlgorithmSet algorithms(algorithms_);
        for (const std::string& path : options_.paths) add(queue, path, algorithms);
        if (options_.paths.empty()) queue.add_stream(STDIN_FILENO, "-", algorithms);
        queue.finish();
        context_.progress.finish();
        return finish();
    }

private:
    HashListForm form() const {
        if (options_.format.empty()) {
            return algorithms_.size() > 1 ? HashListForm::bsd : HashListForm::plain;
        }
        if (options_.format == "bsd") return HashListForm::bsd;
        if (algorithms_.size() > 1) {
            refuse("--format sha256sum does not name algorithms (expected one algorithm, or bsd)");
        }
        return HashListForm::plain;
    }

    Json algorithm_names() const {
        Json names = Json::array();
        for (Algorithm algorithm : algorithms_) names.push_back(name_of(algorithm));
        return names;
    }

    void add(HashQueue& queue, const std::string& path, AlgorithmSet algorithms) const {
        if (path == "-") return queue.add_stream(STDIN_FILENO, path, algorithms);
        struct stat status {};
        const bool is_folder =
            options_.recursive && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
        if (is_folder) {
            queue.add_tree(path, algorithms);
        } else {
            queue.add_path(path, algorithms);
        }
    }

    void show(const HashedFile& file) {
        count(file.outcome);
        if (json_) {
            json_->add(json_of(file));
        } else if (file.outcome == FileOutcome::hashed) {
            print_lines(file);
        } else {
            complain(file);
        }
    }

    void count(FileOutcome outcome) {
        switch (outcome) {
            case FileOutcome::hashed:
                ++hashed_;
                break;
            case FileOutcome::skipped_symlink:
                ++links_;
                break;
            case FileOutcome::skipped_special:
                ++special_;
                break;
            default:
                ++unreadable_;
        }
    }

    void complain(const HashedFile& file) const {
        const std::string problem = describe_problem(file);
        if (file.outcome == FileOutcome::skipped_symlink) {
            if (options_.common.verbose) print_warning(tool, problem);
        } else if (file.outcome == FileOutcome::skipped_special) {
            if (!options_.common.quiet) print_warning(tool, problem);
        } else {
            const bool is_folder = file.outcome == FileOutcome::folder && !options_.recursive;
            print_error(tool, Error(ErrorKind::io, problem,
                                    is_folder ? "-r hashes the files below it" : ""));
        }
    }

    void print_lines(const HashedFile& file) const {
        const HashLineEnd end = options_.zero ? HashLineEnd::zero : HashLineEnd::newline;
        for (Algorithm algorithm : algorithms_) {
            write_output(format_hash_line(form_, end, algorithm, to_hex(file.digests.of(algorithm)),
                                          file.name));
        }
    }

    Json json_of(const HashedFile& file) const {
        Json entry = Json::object({});
        set_name(entry, file.name);
        if (file.outcome == FileOutcome::hashed) {
            Json digests = Json::object({});
            for (Algorithm algorithm : algorithms_) {
                digests.set(name_of(algorithm), to_hex(file.digests.of(algorithm)));
            }
            entry.set("digests", std::move(digests));
            entry.set("size_bytes", file.digests.size_bytes);
        } else if (file.outcome == FileOutcome::skipped_symlink) {
            entry.set("skipped", "symlink");
        } else if (file.outcome == FileOutcome::skipped_special) {
            entry.set("skipped", "special");
        } else {
            entry.set("error", printable(describe_problem(file)));
        }
        return entry;
    }

    ExitCode finish() {
        if (json_) {
            json_->finish(Json::object({{"format", "evidence-hash/1"},
                                        {"hashed", hashed_},
                                        {"skipped", links_ + special_},
                                        {"unreadable", unreadable_}}));
        }
        if (links_ > 0 && !json_ && !options_.common.quiet && !options_.common.verbose) {
            print_warning(
                tool, fmt::format("{} symbolic link{} not followed (--verbose names {})", links_,
                                  links_ == 1 ? " was" : "s were", links_ == 1 ? "it" : "them"));
        }
        return unreadable_ == 0 ? ExitCode::done : ExitCode::no;
    }

    const Options& options_;
    const Context& context_;
    std::vector<Algorithm> algorithms_;
    HashListForm form_;
    std::optional<JsonStream> json_;
    std::uint64_t hashed_ = 0, links_ = 0, special_ = 0, unreadable_ = 0;
};

class CheckRun {
public:
    CheckRun(const Options& options, const Context& context)
        : options_(options),
          context_(context),
          untagged_(options.algorithms ? parse_algorithm_list(*options.algorithms)
                                       : std::vector<Algorithm>{untagged_algorithms.begin(),
                                                                untagged_algorithms.end()}),
          list_name_(options.list == "-" ? "standard input" : *options.list) {}

    ExitCode run() {
        File file = options_.list == "-" ? File::adopt(STDIN_FILENO, list_name_)
                                         : File::open_read(*options_.list);
        LineReader list([&file](MutableByteView buffer) { return file.read_some(buffer); },
                        list_name_, hash_list_max_line_bytes);
        if (options_.common.json) json_.emplace(Json::object({}), "files");
        context_.progress.start("checking", std::nullopt);
        const HashCheckSummary summary = check_hash_list(
            context_, list, untagged_, threads_of(options_),
            {[this](const CheckedFile& checked) { show(checked); },
             [this](std::string_view number, std::string_view expected) {
                 if (++improper_lines_ > max_shown_lines) return;
                 print_warning(tool, fmt::format("no checksum line: {} line {} (expected {})",
                                                 list_name_, number, expected));
             }});
        context_.progress.finish();
        if (summary.proper_lines() == 0) {
            throw Error(ErrorKind::malformed,
                        "no checksum lines: " + list_name_ +
                            " (expected lines of sha256sum, or BSD lines with a tag)");
        }
        return finish(summary);
    }

private:
    bool is_ignored(const CheckedFile& file) const {
        return options_.ignore_missing && file.result == CheckResult::missing;
    }

    void show(const CheckedFile& file) {
        if (is_ignored(file)) return;
        if (json_) return json_->add(json_of(file));
        if (!file.problem.empty()) print_error(tool, Error(ErrorKind::io, file.problem));
        if (options_.common.quiet && file.result == CheckResult::matches) return;
        const char* word = "FAILED open or read";
        if (file.result == CheckResult::matches) word = "OK";
        if (file.result == CheckResult::differs) word = "FAILED";
        write_output(fmt::format("{}: {}\n", printable(file.name), word));
    }

    static Json json_of(const CheckedFile& file) {
        Json entry = Json::object({{"algorithm", name_of(file.algorithm)},
                                   {"expected", file.expected_hex},
                                   {"result", name_of(file.result)}});
        if (!file.found_hex.empty()) entry.set("found", file.found_hex);
        set_name(entry, file.name);
        return entry;
    }

    ExitCode finish(const HashCheckSummary& summary) {
        if (json_) {
            json_->finish(Json::object({{"format", "evidence-hash-check/1"},
                                        {"improper_lines", summary.improper_lines},
                                        {"list", printable(list_name_)},
                                        {"matching", summary.matching},
                                        {"mismatching", summary.differing},
                                        {"missing", summary.missing},
                                        {"unreadable", summary.unreadable}}));
        }
        warn(summary.improper_lines, "line of the list is no checksum line",
             "lines of the list are no checksum lines");
        const std::uint64_t missing = options_.ignore_missing ? 0 : summary.missing;
        warn(missing + summary.unreadable, "listed file could not be read",
             "listed files could not be read");
        warn(summary.differing, "file differs from the list", "files differ from the list");
        const bool nothing_checked = summary.matching + summary.differing == 0;
        if (nothing_checked) print_warning(tool, "no file was checked");
        const bool holds = summary.improper_lines == 0 && missing == 0 && summary.unreadable == 0 &&
                           summary.differing == 0 && !nothing_checked;
        return holds ? ExitCode::done : ExitCode::no;
    }

    static void warn(std::uint64_t count, std::string_view one, std::string_view several) {
        if (count > 0) print_warning(tool, fmt::format("{} {}", count, count == 1 ? one : several));
    }

    const Options& options_;
    const Context& context_;
    std::vector<Algorithm> untagged_;
    std::string list_name_;
    std::uint64_t improper_lines_ = 0;
    std::optional<JsonStream> json_;
};

void check_usage(const Options& options) {
    const bool checking = options.list.has_value();
    if (checking && !options.paths.empty()) {
        refuse("--check takes its files from the list (expected no PATH)");
    }
    if (checking && (options.recursive || options.zero || !options.format.empty())) {
        refuse("-r, -0 and --format do not go with --check");
    }
    if (!checking && options.ignore_missing) refuse("--ignore-missing goes with --check only");
    if (options.recursive && options.paths.empty()) refuse("-r needs a PATH");
    if (options.common.json && (options.zero || !options.format.empty())) {
        refuse("-0 and --format do not go with --json");
    }
}

ExitCode run(const Options& options) {
    check_usage(options);
    const Environment environment(options.common);
    if (options.list) return CheckRun(options, environment.context()).run();
    return HashRun(options, environment.context()).run();
}

}  // namespace
}  // namespace evidence::cli

int main(int argc, char** argv) {
    using namespace evidence::cli;
    Options options;
    return run_tool(
        argc, argv, tool, "Hash files and trees with several algorithms; check lists of digests.",
        options.common, [&](CLI::App& app) { setup(app, options); }, [&] { return run(options); });
}
