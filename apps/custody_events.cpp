// evidence-custody record and checkpoint.
#include <fmt/format.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "custody/event_writer.h"
#include "custody_commands.h"
#include "signature/cms_signature.h"

namespace evidence::cli {
namespace {

// RFC 3339 as people write it: with or without a fraction, in UTC or with an offset.
UtcTime parse_time(const std::string& text) {
    std::string rest = text;
    int minutes_east = 0;
    if (!rest.empty() && rest.back() == 'Z') {
        rest.pop_back();
    } else if (rest.size() > 6 && is_zone_offset(rest.substr(rest.size() - 6))) {
        const std::string offset = rest.substr(rest.size() - 6);
        minutes_east = std::stoi(offset.substr(1, 2)) * 60 + std::stoi(offset.substr(4, 2));
        if (offset[0] == '-') minutes_east = -minutes_east;
        rest.resize(rest.size() - 6);
    } else {
        rest.clear();
    }
    if (rest.find('.') == std::string::npos) rest += ".000";
    const std::optional<UtcTime> time = parse_utc(rest + "Z");
    if (!time) {
        throw Error(ErrorKind::usage,
                    "not a time: " + text + " (expected RFC 3339 like 2026-11-22T08:15:00+07:00)");
    }
    return UtcTime{time->milliseconds - minutes_east * 60'000};
}

void check_type(const RecordOptions& options) {
    const EventType& type = require_event_type(options.type);
    if (type.writer == EventWriter::tool) {
        throw Error(ErrorKind::usage,
                    "not written by hand: " + options.type +
                        " (expected a type that no command writes by itself)",
                    "see evidence-ledger(5) for the types");
    }
    const bool is_leave = options.type == "onward_authorized" || options.type == "onward_denied";
    if (is_leave && options.package.empty()) {
        throw Error(ErrorKind::usage,
                    "which package? (expected --package ID with --type " + options.type + ")",
                    "the id of the package that is handed on, as evidence-verify --json says it");
    }
    if ((options.type == "correction") != (options.corrects >= 0)) {
        throw Error(ErrorKind::usage,
                    "--corrects N goes with --type correction (expected both or neither)");
    }
}

void require_known(const Ledger& ledger, const std::vector<std::string>& items) {
    for (const std::string& item : items) {
        if (ledger.find_item(item)) continue;
        throw Error(ErrorKind::not_found,
                    "unknown item: " + item + " (expected an item of the case)",
                    "evidence-custody log lists the events of all items");
    }
}

// A correction concerns what the corrected event concerned, so that both are shown together.
std::vector<std::string> items_of_event(const Ledger& ledger, std::uint64_t seq) {
    std::optional<std::vector<std::string>> items;
    ledger.visit(seq, seq + 1, [&](const LedgerLine& line) { items = line.event->items; });
    if (!items) {
        throw Error(ErrorKind::usage, "no such event: " + std::to_string(seq) +
                                          " (expected the number of an event in the ledger)");
    }
    return *items;
}

EventDraft draft_from(const Ledger& ledger, const RecordOptions& options) {
    EventDraft draft = draft_of(options.actor, options.type);
    require_plain_text(options.from, "--from");
    require_plain_text(options.to, "--to");
    if (!options.from.empty()) draft.detail.set("from", options.from);
    if (!options.to.empty()) draft.detail.set("to", options.to);
    if (!options.package.empty()) {
        if (!is_uuid(options.package)) {
            throw Error(ErrorKind::usage,
                        "not a package id: " + printable(options.package) +
                            " (expected a UUID in lower case, as in package.json)");
        }
        draft.detail.set("package", options.package);
    }
    if (!options.at.empty()) draft.at = parse_time(options.at);
    require_known(ledger, options.items);
    if (options.corrects >= 0) {
        const auto seq = static_cast<std::uint64_t>(options.corrects);
        draft.detail.set("seq", seq);
        draft.items = items_of_event(ledger, seq);
    }
    for (const std::string& item : options.items) {
        if (std::find(draft.items.begin(), draft.items.end(), item) == draft.items.end()) {
            draft.items.push_back(item);
        }
    }
    return draft;
}

// The files of a checkpoint: they get their names only once all are written.
class CheckpointFiles {
public:
    // `time_stamp` may be empty.
    CheckpointFiles(const std::string& path, std::string_view text, ByteView signature,
                    ByteView time_stamp)
        : text_(path), signature_(path + ".p7s") {
        text_.file().write(as_bytes(text));
        signature_.file().write(signature);
        if (time_stamp.empty()) return;
        time_stamp_.emplace(path + ".tst");
        time_stamp_->file().write(time_stamp);
    }
    void commit() {
        if (time_stamp_) time_stamp_->commit();
        signature_.commit();
        text_.commit();
    }

private:
    AtomicFile text_, signature_;
    std::optional<AtomicFile> time_stamp_;
};

// A token over the signature, when an authority is to be asked.
Bytes time_stamp_over(ByteView signature, const AuthorityOptions& options, RandomSource& random) {
    if (options.url.empty()) return {};
    const TimestampClient client(options);
    return request_timestamp(client.authority(), signature, random).token;
}

}  // namespace

CLI::App* add_record(CLI::App& app, RecordOptions& options) {
    CLI::App* command = app.add_subcommand("record", "Write down what somebody did");
    add_case_options(*command, options.where);
    command->add_option("--type", options.type, "What was done: move, check_out, store, ...")
        ->type_name("TYPE")
        ->required();
    command->add_option("--item", options.items, "Item concerned; may be repeated")
        ->type_name("ID")
        ->allow_extra_args(false);
    command->add_option("--from", options.from, "Who gave it away, or where it was")
        ->type_name("WHO");
    command->add_option("--to", options.to, "Who got it, or where it went")->type_name("WHO");
    command->add_option("--package", options.package, "Id of the package concerned")
        ->type_name("ID");
    command->add_option("--at", options.at, "When it happened, if earlier than now (RFC 3339)")
        ->type_name("TIME");
    command->add_option("--corrects", options.corrects, "Number of the event that was wrong")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_record(const RecordOptions& options, const CommonOptions& common) {
    check_type(options);
    const Environment environment(common);
    CaseFolder folder = open_case(options.where);
    const std::optional<SigningIdentity> identity = load_identity(options.actor);
    const EventAuthor author =
        author_of(options.actor, identity ? &*identity : nullptr, folder.details());
    const EventDraft draft = draft_from(folder.ledger(), options);
    print_written(folder, folder.ledger().append_each(draft, author, environment.context()),
                  common);
    return ExitCode::done;
}

CLI::App* add_checkpoint(CLI::App& app, CheckpointOptions& options) {
    CLI::App* command = app.add_subcommand("checkpoint", "Sign how far the ledger goes now");
    add_case_options(*command, options.where);
    command
        ->add_option("-o,--output", options.output,
                     "New file for the checkpoint; its signature goes beside it (.p7s)")
        ->type_name("FILE");
    add_authority_options(*command, options.authority,
                          "Authority to ask for a time-stamp, which goes beside it (.tst)");
    add_authority_anchors(*command, options.authority);
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_checkpoint(const CheckpointOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    CaseFolder folder = open_case(options.where);
    const std::optional<SigningIdentity> identity = load_identity(options.actor);
    if (!identity) {
        throw Error(ErrorKind::usage, "a checkpoint is signed (expected --key and --cert)",
                    "evidence-custody identity makes a key and a certificate");
    }
    if (!options.authority.url.empty() && options.output.empty()) {
        throw Error(ErrorKind::usage, "where to put the time-stamp? (expected -o FILE)",
                    "see evidence-custody checkpoint --help");
    }
    require_sealing_identity(*identity);
    const EventAuthor author = author_of(options.actor, &*identity, folder.details());
    const UtcTime now = environment.context().clock.now();
    const CheckpointText head = folder.ledger().head();
    EventDraft draft = draft_of(options.actor, "checkpoint");
    draft.detail = Json::object({{"link", to_hex(head.hash)}, {"size", head.size}});
    check_draft(draft, author, now);
    const std::string text = format_checkpoint(head);
    LedgerEnclosures enclosures;
    enclosures.checkpoint = {head, now, sign_detached(as_bytes(text), *identity, now)};
    std::optional<CheckpointFiles> files;
    if (!options.output.empty()) {
        const Bytes& signature = enclosures.checkpoint->signature;
        files.emplace(options.output, text, signature,
                      time_stamp_over(signature, options.authority, environment.context().random));
    }
    const std::vector<LedgerLine> lines =
        folder.ledger().append_each(draft, author, environment.context(), enclosures);
    if (files) files->commit();
    if (common.json || !options.output.empty()) {
        print_written(folder, lines, common);
    } else {
        fmt::print("{}", text);
    }
    return ExitCode::done;
}

}  // namespace evidence::cli
