// evidence-acquire: reads a source once, completely, without changing it, into an item of a case.
#include "acquisition/acquire.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "acquire_drill.h"
#include "acquisition/entry_record.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "cli/case_options.h"
#include "cli/environment.h"
#include "cli/json_stream.h"
#include "cli/size_option.h"
#include "cli/tool.h"
#include "digest/crc32.h"

namespace evidence::cli {
namespace {

constexpr const char* tool = "evidence-acquire";
constexpr std::size_t max_places_shown = 20;
constexpr int max_timeout_seconds = 24 * 3600;
constexpr std::int64_t max_clock_offset_seconds = 100LL * 366 * 86400;

struct Options {
    CommonOptions common;
    CaseOptions case_options;
    ActorOptions actor;
    DrillOptions drill;
    std::string source;
    std::string item;
    std::string description;
    std::string algorithms;
    std::string format, compression, as;
    std::string note;
    std::string write_blocker;
    std::optional<std::int64_t> source_clock_offset_seconds;
    bool require_read_only = false;
    bool no_read_back = false;
    bool cross_file_systems = false;
    bool resume = false;
    std::string split, also;
    std::string expect_size, expect_sha256;
    std::string mapfile;
    bool keep_mismatch = false;
    std::string on_error = "stop";
    ErrorPolicy errors;
    std::optional<int> read_timeout_seconds;
    std::vector<std::string> include, exclude;
    std::string files_from;
};

// What the source must be, and what is done when it cannot be read.
void add_reading_options(CLI::App& app, Options& options) {
    app.add_option("--expect-size", options.expect_size,
                   "Bytes the source must have, such as 512GiB; for streams that may break off")
        ->type_name("SIZE");
    app.add_option("--expect-sha256", options.expect_sha256, "SHA-256 the object must have")
        ->type_name("HEX");
    app.add_flag("--keep-mismatch", options.keep_mismatch,
                 "Keep an object of another size or SHA-256, marked as such");
    app.add_option("--mapfile", options.mapfile,
                   "Mapfile of ddrescue that says what of this image could not be read")
        ->type_name("FILE");
    app.add_option("--on-error", options.on_error,
                   "At a sector that cannot be read: stop, or fill it with zeros (default: stop)")
        ->type_name("ACTION")
        ->check(CLI::IsMember({"stop", "fill"}));
    app.add_option("--retries", options.errors.retries,
                   "Read a failing sector again this often (default: 1)")
        ->type_name("N")
        ->check(CLI::Range(0u, max_retries));
    app.add_flag("--reverse", options.errors.reverse,
                 "Try unreadable stretches once more, from their end");
    app.add_option("--read-timeout", options.read_timeout_seconds,
                   "Give up a read that takes longer (default: wait)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, max_timeout_seconds));
}

void setup(CLI::App& app, Options& options) {
    add_case_options(app, options.case_options);
    app.add_option("--item", options.item, "Item id (default: the next free ITEM-001, ITEM-002 ..)")
        ->type_name("ID");
    app.add_option("--description", options.description, "What the item is")->type_name("TEXT");
    app.add_option("--digest", options.algorithms,
                   "Algorithms besides sha256, comma separated: md5, sha1, sha384, sha512, "
                   "sha3-256, blake2b512")
        ->type_name("LIST");
    app.add_option("--format", options.format, "raw, e01 or tar (default: what fits the source)")
        ->type_name("FORM")
        ->check(CLI::IsMember({"raw", "e01", "tar"}));
    app.add_option("--compression", options.compression,
                   "Of format e01: none, fast or best (default: fast)")
        ->type_name("HOW")
        ->check(CLI::IsMember({"none", "fast", "best"}));
    app.add_option("--as", options.as, "file: copy an E01 image like any file, do not take it in")
        ->type_name("KIND")
        ->check(CLI::IsMember({"file"}));
    app.add_option("--note", options.note, "Anything worth keeping in the record")
        ->type_name("TEXT");
    app.add_option("--write-blocker", options.write_blocker, "Write blocker in use")
        ->type_name("TEXT");
    app.add_option("--source-clock-offset", options.source_clock_offset_seconds,
                   "Seconds the clock of the source is ahead of ours (negative: behind)")
        ->type_name("SECONDS")
        ->check(CLI::Range(-max_clock_offset_seconds, max_clock_offset_seconds));
    app.add_flag("--require-read-only", options.require_read_only,
                 "Refuse a source that can be written to");
    app.add_flag("--no-read-back", options.no_read_back,
                 "Do not read what was written back from the disk");
    app.add_option("--split", options.split,
                   "Cut the object into segments of this size, whole MiB, such as 2GiB")
        ->type_name("SIZE");
    app.add_option("--also", options.also, "Write a second copy of the item into this folder")
        ->type_name("DIR");
    app.add_flag("--resume", options.resume,
                 "Go on with an unfinished acquisition of the item (devices and files)");
    add_reading_options(app, options);
    app.add_flag("--cross-file-systems", options.cross_file_systems,
                 "Capture other file systems mounted below a folder too");
    app.add_option("--include", options.include,
                   "Of a folder, capture only what matches; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_option("--exclude", options.exclude,
                   "Of a folder, leave out what matches; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_option("--files-from", options.files_from,
                   "Of a folder, capture only the names in this file")
        ->type_name("FILE");
    add_drill_options(app, options.drill);
    add_actor_options(app, options.actor);
    app.add_option("source", options.source, "Device, file, folder, or - for standard input")
        ->type_name("SOURCE");
}

ToolDetails tool_details() { return {tool, std::string(tool_version()), "g++ " __VERSION__}; }

TreeSelection selection_of(const Options& options) {
    TreeSelection selection;
    for (const std::string& text : options.include) {
        require_plain_text(text, "--include");
        selection.include.emplace_back(text);
    }
    for (const std::string& text : options.exclude) {
        require_plain_text(text, "--exclude");
        selection.exclude.emplace_back(text);
    }
    if (!options.files_from.empty()) selection.listed = read_name_list(options.files_from);
    return selection;
}

std::uint64_t segment_size_of(const std::string& text) {
    if (const std::optional<std::uint64_t> bytes = parse_size(text)) return *bytes;
    throw Error(ErrorKind::usage,
                "unusable size of segments: " + text + " (expected whole MiB, such as 2GiB)");
}

Expectation expectation_of(const Options& options) {
    Expectation expected;
    if (!options.expect_size.empty()) {
        expected.size_bytes = parse_size(options.expect_size);
        if (!expected.size_bytes) {
            throw Error(ErrorKind::usage, "unusable size: " + options.expect_size +
                                              " (expected bytes, such as 4096 or 512GiB)");
        }
    }
    expected.sha256 = options.expect_sha256;
    for (char& digit : expected.sha256) {
        if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
    }
    if (options.keep_mismatch) expected.on_mismatch = OnMismatch::keep;
    return expected;
}

AcquireRequest request_of(const Options& options, const EventAuthor& author) {
    AcquireRequest request;
    request.source = options.source;
    if (!options.item.empty()) request.item_id = options.item;
    if (!options.algorithms.empty()) request.algorithms = parse_algorithm_list(options.algorithms);
    if (!options.format.empty()) {
        request.format = options.format == "tar"   ? ObjectFormat::tar
                         : options.format == "e01" ? ObjectFormat::e01
                                                   : ObjectFormat::raw;
    }
    request.compression = ewf_compression_named(options.compression);
    request.take_ewf_as_file = !options.as.empty();
    request.description = options.description;
    request.note = options.note;
    request.write_blocker = options.write_blocker;
    if (options.source_clock_offset_seconds) {
        request.source_clock_offset_ms = *options.source_clock_offset_seconds * 1000;
    }
    request.require_read_only = options.require_read_only;
    request.read_back = options.no_read_back ? ReadBack::no : ReadBack::yes;
    request.file_systems =
        options.cross_file_systems ? FileSystems::all : FileSystems::only_that_of_the_source;
    request.resume = options.resume;
    if (!options.split.empty()) request.segment_bytes = segment_size_of(options.split);
    if (!options.also.empty()) request.also = options.also;
    request.expected = expectation_of(options);
    request.mapfile = options.mapfile;
    request.errors = options.errors;
    if (options.on_error == "fill") request.errors.on_error = OnError::fill;
    if (options.read_timeout_seconds) {
        request.errors.read_timeout = std::chrono::seconds(*options.read_timeout_seconds);
    }
    request.selection = selection_of(options);
    request.author = author;
    request.event = draft_of(options.actor, "acquire");
    request.tool = tool_details();
    return request;
}

Json result_json(const AcquiredItem& item) {
    Json json = Json::object({{"acquisition_sha256", item.acquisition_sha256},
                              {"complete", item.complete},
                              {"crc32", crc32_hex(item.object.crc32)},
                              {"digests", to_json(item.object.digests)},
                              {"event", item.event_seq},
                              {"format", "evidence-acquire-result/1"},
                              {"item", item.id},
                              {"kind", name_of(item.kind)},
                              {"size_bytes", item.object.size_bytes}});
    set_text_or_bytes(json, "object", (item.folder / item.object_files().front()).native());
    if (!item.object.segments.empty()) json.set("segments", item.object.segments.size());
    if (item.second_folder) set_text_or_bytes(json, "also", item.second_folder->native());
    if (item.object.pieces_root) json.set("pieces_root", to_hex(*item.object.pieces_root));
    if (item.account) json.set("account", to_json(*item.account));
    if (item.expectation_met) json.set("as_expected", *item.expectation_met);
    if (!item.bad_ranges.empty()) {
        json.set("map", Json::object({{"bad_bytes", item.bad_ranges.bytes()},
                                      {"ranges", item.bad_ranges.all().size()}}));
    }
    Json warnings = Json::array();
    for (const std::string& text : item.warnings) warnings.push_back(printable(text));
    json.set("warnings", std::move(warnings));
    return json;
}

// A matching digest does not show that a drive returned anything; the share of zeros does.
void print_zeros(const ObjectFacts& object) {
    if (object.zeros.runs == 0) return;
    const double percent = 100.0 * static_cast<double>(object.zeros.zero_bytes) /
                           static_cast<double>(object.size_bytes);
    fmt::print("zeros: {:.1f} % in {} run{}, the longest {} bytes\n", percent, object.zeros.runs,
               object.zeros.runs == 1 ? "" : "s", object.zeros.longest_bytes);
}

void print_text(const AcquiredItem& item) {
    fmt::print("item {}: {}, {} bytes\n", item.id, name_of(item.kind), item.object.size_bytes);
    if (!item.object.segments.empty()) {
        fmt::print("segments: {}, from {}\n", item.object.segments.size(),
                   item.object_files().front());
    }
    if (item.second_folder) {
        fmt::print("second copy: {}\n", printable(item.second_folder->native()));
    }
    for (const auto& [algorithm, value] : item.object.digests) {
        fmt::print("{} {}\n", name_of(algorithm), value);
    }
    if (item.ewf) {
        fmt::print("stored digests: {}\n", item.ewf->stored.empty()     ? "none"
                                           : item.ewf->mismatch.empty() ? "match"
                                                                        : "differ");
    }
    if (item.account) {
        const TreeAccount& account = *item.account;
        fmt::print("entries: {} seen, {} collected, {} excluded, {} failed, {} changed\n",
                   account.seen(), account.collected, account.excluded, account.failed,
                   account.changed);
    }
    print_zeros(item.object);
    fmt::print("recorded as event {}\n", item.event_seq);
}

void print_bad_ranges(const AcquiredItem& item) {
    const std::vector<BadRange>& ranges = item.bad_ranges.all();
    for (std::size_t i = 0; i < std::min(ranges.size(), max_places_shown); ++i) {
        print_warning(tool, "unreadable: " + describe(ranges[i], item.sector_bytes));
    }
    if (ranges.size() > max_places_shown) {
        print_warning(tool,
                      fmt::format("and {} more places: see {}", ranges.size() - max_places_shown,
                                  (item.folder / map_file_name).native()));
    }
}

void print_warnings(const AcquiredItem& item) {
    for (const std::string& text : item.warnings) print_warning(tool, text);
    print_bad_ranges(item);
    if (item.account && !item.complete) {
        print_warning(tool, "not everything could be captured: see " +
                                (item.folder / "omitted.jsonl").native());
    }
}

ExitCode run(const Options& options) {
    check_drill_options(options.drill, options.source);
    const Environment environment(options.common);
    if (!options.drill.name.empty()) {
        return run_drill_command(options.drill, options.common, tool_details(),
                                 environment.context());
    }
    CaseFolder folder = open_case(options.case_options);
    const std::optional<SigningIdentity> identity = load_identity(options.actor);
    const EventAuthor author =
        author_of(options.actor, identity ? &*identity : nullptr, folder.details());
    const AcquiredItem item = acquire(folder, request_of(options, author), environment.context());
    if (options.common.json) {
        print_document(result_json(item));
    } else if (!options.common.quiet) {
        print_text(item);
    }
    if (!options.common.quiet) {
        print_warnings(item);
        if (!identity) print_warning(tool, "not signed: no --key and --cert were given");
    }
    return item.complete ? ExitCode::done : ExitCode::incomplete;
}

}  // namespace
}  // namespace evidence::cli

int main(int argc, char** argv) {
    using namespace evidence::cli;
    Options options;
    return run_tool(
        argc, argv, tool, "Acquire a device, file, folder or stream into a case.", options.common,
        [&](CLI::App& app) { setup(app, options); }, [&] { return run(options); });
}
