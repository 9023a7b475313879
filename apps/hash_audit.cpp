// evidence-hash --audit: files against a list of what should be there.
#include <fmt/format.h>

#include "base/error.h"
#include "base/printable.h"
#include "cli/json_stream.h"
#include "digest/audit.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

class AuditRun {
public:
    AuditRun(const HashOptions& options, const Context& context)
        : options_(options),
          context_(context),
          list_(options, options.audit),
          audit_(
              context, list_.reader(), [this](const AuditedFile& file) { show(file); },
              [this](const ListProblem& problem) {
                  list_.problem(std::to_string(problem.line), problem.expected);
              }),
          complaints_(options) {}

    ExitCode run() {
        if (options_.common.json) json_.emplace(Json::object({}), "files");
        context_.progress.start("auditing", std::nullopt);
        HashQueue queue(context_, threads_of(options_), [this](const HashedFile& file) {
            if (file.outcome == FileOutcome::hashed) {
                audit_.take(file);
            } else {
                refuse(file);
            }
        });
        HashInputs(options_).add_to(queue, audit_.algorithms());
        queue.finish();
        const AuditSummary summary = audit_.finish();
        context_.progress.finish();
        return finish(summary);
    }

private:
    void show(const AuditedFile& file) {
        if (json_) {
            Json entry = Json::object({{"answer", name_of(file.answer)}});
            set_name(entry, file.name);
            if (!file.listed_as.empty()) set_text_or_bytes(entry, "listed_as", file.listed_as);
            json_->add(entry);
        } else if (file.answer != AuditAnswer::matched || options_.common.verbose) {
            write_output(printable(sentence_about(file)) + "\n");
        }
    }

    void refuse(const HashedFile& file) {
        complaints_.add(file, json_.has_value());
        audit_.take_unreadable(file.name);
        if (!json_ || is_skipped(file)) return;
        Json entry =
            Json::object({{"answer", "unreadable"}, {"error", printable(describe_problem(file))}});
        set_name(entry, file.name);
        json_->add(entry);
    }

    ExitCode finish(const AuditSummary& summary) {
        const bool holds =
            summary.holds() && complaints_.unreadable() == 0 && list_.problems() == 0;
        if (json_) {
            json_->finish(Json::object({{"format", "evidence-hash-audit/1"},
                                        {"improper_lines", list_.problems()},
                                        {"list", printable(list_.name())},
                                        {"summary", Json::object({{"changed", summary.changed},
                                                                  {"matched", summary.matched},
                                                                  {"missing", summary.missing},
                                                                  {"moved", summary.moved},
                                                                  {"new", summary.added}})},
                                        {"unreadable", complaints_.unreadable()}}));
        } else {
            write_output(fmt::format(
                "audit {}: {} matched, {} moved, {} changed, {} new, {} missing, {} unreadable\n",
                holds ? "passed" : "failed", summary.matched, summary.moved, summary.changed,
                summary.added, summary.missing, complaints_.unreadable()));
            complaints_.say_links();
        }
        return holds ? ExitCode::done : ExitCode::no;
    }

    const HashOptions& options_;
    const Context& context_;
    OpenedList list_;
    Audit audit_;
    HashComplaints complaints_;
    std::optional<JsonStream> json_;
};

}  // namespace

ExitCode run_hash_audit(const HashOptions& options, const Context& context) {
    return AuditRun(options, context).run();
}

}  // namespace evidence::cli
