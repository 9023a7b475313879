// evidence-hash --known: which files are in a hash set.
#include <fmt/format.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "cli/json_stream.h"
#include "digest/known_set.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

constexpr std::uint64_t max_shown_problems = 10;

class KnownRun {
public:
    KnownRun(const HashOptions& options, const Context& context)
        : options_(options), context_(context), set_(open()), complaints_(options) {}

    ExitCode run() {
        if (options_.common.json) {
            json_.emplace(Json::object({{"algorithm", name_of(set_.algorithm())}}), "files");
        }
        context_.progress.start("hashing", std::nullopt);
        HashQueue queue(context_, threads_of(options_), [this](const HashedFile& file) {
            if (file.outcome == FileOutcome::hashed) {
                show(file);
            } else {
                complaints_.add(file, false);
            }
        });
        HashInputs(options_).add_to(queue, AlgorithmSet({set_.algorithm()}));
        queue.finish();
        context_.progress.finish();
        return finish();
    }

private:
    KnownSet open() {
        std::optional<Algorithm> wanted;
        if (options_.algorithms) {
            const std::vector<Algorithm> algorithms = algorithms_of(options_);
            if (algorithms.size() > 1) {
                throw Error(ErrorKind::usage, "--known goes by one algorithm (expected one in -a)");
            }
            wanted = algorithms.front();
        }
        const std::string index =
            options_.index.empty() ? options_.known + ".known" : options_.index;
        KnownSet set = KnownSet::open(
            options_.known, index, wanted, context_, [this](const ListProblem& problem) {
                if (++problems_ > max_shown_problems) return;
                print_warning(hash_tool,
                              fmt::format("no digest: {} line {} "
                                          "(expected {})",
                                          options_.known, problem.line, problem.expected));
            });
        if (set.was_made() && !options_.common.quiet) {
            say("made {} of {} digests ({})\n", printable(index), set.size(),
                name_of(set.algorithm()));
        }
        return set;
    }

    void show(const HashedFile& file) {
        const std::string digest = to_hex(file.digests.of(set_.algorithm()));
        const bool is_known = set_.contains(file.digests.of(set_.algorithm()));
        ++(is_known ? known_ : unknown_);
        if (!options_.show.empty() && (options_.show == "known") != is_known) return;
        const char* const word = is_known ? "known" : "unknown";
        if (json_) {
            Json entry = Json::object({{"answer", word}, {"digest", digest}});
            set_name(entry, file.name);
            json_->add(entry);
        } else {
            write_output(fmt::format("{}: {}\n", printable(file.name), word));
        }
    }

    ExitCode finish() {
        if (json_) {
            json_->finish(Json::object({{"format", "evidence-hash-known/1"},
                                        {"known", known_},
                                        {"list", printable(options_.known)},
                                        {"unknown", unknown_},
                                        {"unreadable", complaints_.unreadable()}}));
        } else {
            complaints_.say_links();
        }
        return complaints_.unreadable() == 0 ? ExitCode::done : ExitCode::no;
    }

    const HashOptions& options_;
    const Context& context_;
    std::uint64_t problems_ = 0, known_ = 0, unknown_ = 0;
    KnownSet set_;
    HashComplaints complaints_;
    std::optional<JsonStream> json_;
};

}  // namespace

ExitCode run_hash_known(const HashOptions& options, const Context& context) {
    return KnownRun(options, context).run();
}

}  // namespace evidence::cli
