// evidence-custody log and export, and how written events are shown.
#include <fmt/format.h>

#include <cstdio>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "cli/json_stream.h"
#include "custody_commands.h"

namespace evidence::cli {
namespace {

std::string joined(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text.append(text.empty() ? "" : ",").append(item);
    return text;
}

// What an event says about another thing than its items: the item that was not acquired and why,
// the event that is corrected.
std::string subject(const Event& event) {
    std::string text;
    if (event.type == "acquire_failed" || event.type == "acquire_resumed") {
        text = event.detail.text_or("item", "");
        const std::string error = event.detail.text_or("error", "");
        if (!error.empty()) text.append(text.empty() ? "" : ": ").append(error);
    } else if (event.type == "correction") {
        const Json* seq = event.detail.find("seq");
        if (seq && seq->is_integer()) text = "corrects event " + std::to_string(seq->integer());
    }
    return text;
}

// "Place: reason (from A) (to B)"; whatever is there.
std::string circumstances(const Event& event) {
    std::string text = event.place;
    if (!event.reason.empty()) text.append(text.empty() ? "" : ": ").append(event.reason);
    for (const char* key : {"from", "to"}) {
        const Json* who = event.detail.find(key);
        if (!who || !who->is_string()) continue;
        text.append(text.empty() ? "" : " ").append("(").append(key).append(" ");
        text.append(who->string()).append(")");
    }
    return text;
}

void print_event(const LedgerLine& line) {
    const Event& event = *line.event;
    const std::string& name = event.actor.name;
    std::string text =
        fmt::format("{:>5}  {}  {:<14} {:<12} {:<8}  {}", line.seq, format_utc(event.at),
                    event.type, joined(event.items), line.signer.empty() ? "unsigned" : "signed",
                    name.empty() ? "(nobody named)" : printable(name));
    const std::string about = subject(event);
    if (!about.empty()) text += "  " + printable(about);
    const std::string where = circumstances(event);
    if (!where.empty()) text += "  " + printable(where);
    fmt::print("{}\n", text);
}

bool concerns(const Event& event, const std::string& item) {
    return item.empty() ||
           std::find(event.items.begin(), event.items.end(), item) != event.items.end();
}

struct Shown {
    std::uint64_t size = 0, events = 0, unsigned_events = 0;
    Sha256 link{};
};

// Walks the whole ledger, hands out the events asked for, and counts.
Shown walk(const CaseFolder& folder, const std::string& item,
           const std::function<void(const LedgerLine& line, bool first)>& show) {
    Shown shown;
    folder.ledger().visit(0, UINT64_MAX, [&](const LedgerLine& line) {
        shown.size = line.seq + 1;
        shown.link = line.link;
        if (!concerns(*line.event, item)) return;
        show(line, shown.events == 0);
        ++shown.events;
        if (line.signer.empty()) ++shown.unsigned_events;
    });
    return shown;
}

}  // namespace

std::string log_document_start(const CaseFolder& folder) {
    const Json details =
        Json::object({{"number", folder.details().number}, {"title", folder.details().title}});
    return R"({"case":)" + canonical(details) + R"(,"events":[)";
}

std::string log_document_event(const LedgerLine& line, bool first) {
    std::string text = first ? "" : ",";
    text += format_ledger_line(line);
    text.pop_back();  // its newline
    return text;
}

std::string log_document_end(const CaseFolder& folder, std::uint64_t size, const Sha256& link) {
    const Json ledger =
        Json::object({{"id", folder.ledger().id()}, {"link", to_hex(link)}, {"size", size}});
    return R"(],"format":"evidence-custody-log/1","ledger":)" + canonical(ledger) + "}\n";
}

void print_written(const CaseFolder& folder, const std::vector<LedgerLine>& lines,
                   const CommonOptions& common) {
    bool is_signed = true, is_named = true;
    std::string document = log_document_start(folder);
    for (const LedgerLine& line : lines) {
        is_signed = is_signed && !line.signer.empty();
        is_named = is_named && !line.event->actor.name.empty();
        if (common.json) {
            document += log_document_event(line, &line == &lines.front());
        } else {
            const Event& event = *line.event;
            fmt::print("event {}: {}{}{}\n", line.seq, event.type, event.items.empty() ? "" : " ",
                       joined(event.items));
        }
    }
    if (common.json) {
        write_json(document + log_document_end(folder, lines.back().seq + 1, lines.back().link));
    }
    if (common.quiet) return;
    if (!is_signed) print_warning(custody_tool, "not signed: no --key and --cert were given");
    if (!is_named) print_warning(custody_tool, "the event names nobody: give --officer");
}

CLI::App* add_log(CLI::App& app, LogOptions& options) {
    CLI::App* command = app.add_subcommand("log", "Show the ledger");
    add_case_options(*command, options.where);
    command->add_option("--item", options.item, "Only events about this item")->type_name("ID");
    return command;
}

ExitCode run_log(const LogOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    const CaseFolder folder = open_case(options.where);
    if (!options.item.empty() && !folder.ledger().find_item(options.item)) {
        throw Error(ErrorKind::not_found,
                    "unknown item: " + options.item + " (expected an item of the case)");
    }
    if (common.json) {
        write_json(log_document_start(folder));
        const Shown shown = walk(folder, options.item, [](const LedgerLine& line, bool first) {
            write_json(log_document_event(line, first));
        });
        write_json(log_document_end(folder, shown.size, shown.link));
        return ExitCode::done;
    }
    fmt::print("case {}: {}\n", printable(folder.details().number),
               printable(folder.details().title));
    const Shown shown =
        walk(folder, options.item, [](const LedgerLine& line, bool) { print_event(line); });
    fmt::print("{} of {} events shown, {} of them unsigned; last link {}\n", shown.events,
               shown.size, shown.unsigned_events, to_hex(shown.link));
    return ExitCode::done;
}

CLI::App* add_export(CLI::App& app, ExportOptions& options) {
    CLI::App* command = app.add_subcommand("export", "Hand out the ledger for other programs");
    add_case_options(*command, options.where);
    command->add_option("--format", options.format, "jsonl: every line in full")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"jsonl"}))
        ->required();
    command->add_option("-o,--output", options.output, "New file (default: standard output)")
        ->type_name("FILE");
    return command;
}

ExitCode run_export(const ExportOptions& options, const CommonOptions& common) {
    if (common.json) {
        throw Error(ErrorKind::usage, "an export is JSON already (expected no --json)");
    }
    const Environment environment(common);
    const CaseFolder folder = open_case(options.where);
    if (options.output.empty() || options.output == "-") {
        walk(folder, "",
             [](const LedgerLine& line, bool) { fmt::print("{}", format_ledger_line(line)); });
        return ExitCode::done;
    }
    AtomicFile file(options.output);
    walk(folder, "", [&](const LedgerLine& line, bool) {
        file.file().write(as_bytes(format_ledger_line(line)));
    });
    file.commit();
    return ExitCode::done;
}

}  // namespace evidence::cli
