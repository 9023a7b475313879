// evidence-hash PATH...: digests of files, in the form that was asked for.
#include <fmt/format.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "cli/json_stream.h"
#include "digest/list_writer.h"
#include "digest/sha256_lanes.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

ListFormat format_of(const HashOptions& options, const std::vector<Algorithm>& algorithms) {
    if (!options.format.empty()) return list_format_named(options.format).value();
    return algorithms.size() > 1 ? ListFormat::bsd : ListFormat::sha256sum;
}

class HashRun {
public:
    HashRun(const HashOptions& options, const Context& context)
        : options_(options),
          context_(context),
          algorithms_(algorithms_of(options)),
          writer_(format_of(options, algorithms_), algorithms_,
                  options.zero ? HashLineEnd::zero : HashLineEnd::newline),
          complaints_(options) {}

    ExitCode run() {
        if (options_.common.json) {
            json_.emplace(Json::object({{"algorithms", algorithm_names()}}), "files");
        } else {
            write_output(writer_.begin(hash_tool, tool_version()));
        }
        if (options_.common.verbose) say("sha-256 engine: {}\n", name_of(engine_in_use()));
        context_.progress.start("hashing", std::nullopt);
        HashQueue queue(context_, threads_of(options_),
                        [this](const HashedFile& file) { show(file); });
        HashInputs(options_).add_to(queue, AlgorithmSet(algorithms_));
        queue.finish();
        context_.progress.finish();
        return finish();
    }

private:
    Json algorithm_names() const {
        Json names = Json::array();
        for (Algorithm algorithm : algorithms_) names.push_back(name_of(algorithm));
        return names;
    }

    void show(const HashedFile& file) {
        const bool is_hashed = file.outcome == FileOutcome::hashed;
        if (is_hashed) {
            ++hashed_;
        } else {
            complaints_.add(file, json_.has_value());
        }
        if (json_) {
            json_->add(json_of(file));
        } else if (is_hashed) {
            print_line(file);
        }
    }

    void print_line(const HashedFile& file) {
        const std::optional<std::string> line = writer_.line(file);
        if (line) return write_output(*line);
        ++unsaid_;
        print_error(hash_tool, Error(ErrorKind::io,
                                     fmt::format("cannot be said in {}: {} (expected a name {})",
                                                 options_.format, file.name,
                                                 options_.format == "dfxml"
                                                     ? "in UTF-8, without control characters"
                                                     : "without line breaks"),
                                     "--format jsonl says every name"));
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
                                        {"skipped", complaints_.skipped()},
                                        {"unreadable", complaints_.unreadable()}}));
        } else {
            write_output(writer_.end());
            complaints_.say_links();
        }
        warn_of_no_file();
        return complaints_.unreadable() + unsaid_ == 0 ? ExitCode::done : ExitCode::no;
    }

    void warn_of_no_file() const {
        if (options_.include.empty() || hashed_ + complaints_.unreadable() > 0) return;
        print_warning(hash_tool, "no file fits the patterns of --include and --exclude");
    }

    const HashOptions& options_;
    const Context& context_;
    std::vector<Algorithm> algorithms_;
    ListWriter writer_;
    HashComplaints complaints_;
    std::optional<JsonStream> json_;
    std::uint64_t hashed_ = 0, unsaid_ = 0;
};

}  // namespace

ExitCode run_hash_lines(const HashOptions& options, const Context& context) {
    return HashRun(options, context).run();
}

}  // namespace evidence::cli
