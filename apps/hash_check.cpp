// evidence-hash --check: the files that a list names, compared with it.
#include <fmt/format.h>

#include "base/error.h"
#include "base/printable.h"
#include "cli/json_stream.h"
#include "digest/hash_check.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

class CheckRun {
public:
    CheckRun(const HashOptions& options, const Context& context)
        : options_(options), context_(context), list_(options, *options.list) {}

    ExitCode run() {
        if (options_.common.json) json_.emplace(Json::object({}), "files");
        context_.progress.start("checking", std::nullopt);
        const HashCheckSummary summary =
            check_hash_list(context_, list_.reader(), {threads_of(options_), *options_.list == "-"},
                            {[this](const CheckedFile& checked) { show(checked); },
                             [this](std::string_view number, std::string_view expected) {
                                 list_.problem(number, expected);
                             }});
        context_.progress.finish();
        list_.require_lines(summary.proper_lines());
        return finish(summary);
    }

private:
    bool is_ignored(const CheckedFile& file) const {
        return options_.ignore_missing && file.result == CheckResult::missing;
    }

    void show(const CheckedFile& file) {
        if (is_ignored(file)) return;
        is_other_length_ = is_other_length_ || (file.algorithm != Algorithm::sha256 &&
                                                file.algorithm != Algorithm::sha512);
        if (json_) return json_->add(json_of(file));
        if (!file.problem.empty()) print_error(hash_tool, Error(ErrorKind::io, file.problem));
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
        if (!file.problem.empty()) entry.set("error", printable(file.problem));
        set_name(entry, file.name);
        return entry;
    }

    ExitCode finish(const HashCheckSummary& summary) {
        if (json_) {
            json_->finish(Json::object({{"format", "evidence-hash-check/1"},
                                        {"improper_lines", summary.improper_lines},
                                        {"list", printable(list_.name())},
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
        if (summary.matching == 0 && summary.differing > 1 && could_be_other_algorithm()) {
            print_warning(hash_tool,
                          "not one file matches (if the list is of SHA3-256 or BLAKE2b, say so: "
                          "-a sha3-256, -a blake2b512)");
        }
        const bool nothing_checked = summary.matching + summary.differing == 0;
        if (nothing_checked) print_warning(hash_tool, "no file was checked");
        const bool holds = summary.improper_lines == 0 && missing == 0 && summary.unreadable == 0 &&
                           summary.differing == 0 && !nothing_checked;
        return holds ? ExitCode::done : ExitCode::no;
    }

    // Lines without a tag are taken for SHA-2 by the length of their digest.
    bool could_be_other_algorithm() {
        return !options_.algorithms && !is_other_length_ &&
               list_.reader().format() == ListFormat::sha256sum;
    }

    static void warn(std::uint64_t count, std::string_view one, std::string_view several) {
        if (count > 0)
            print_warning(hash_tool, fmt::format("{} {}", count, count == 1 ? one : several));
    }

    const HashOptions& options_;
    const Context& context_;
    OpenedList list_;
    std::optional<JsonStream> json_;
    bool is_other_length_ = false;  // some digest is neither as long as SHA3-256 nor BLAKE2b
};

}  // namespace

ExitCode run_hash_check(const HashOptions& options, const Context& context) {
    return CheckRun(options, context).run();
}

}  // namespace evidence::cli
