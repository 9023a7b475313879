#include "acquisition/acquisition_record.h"

#include <fmt/format.h>

#include "acquisition/disk_metadata.h"
#include "base/hex.h"
#include "digest/crc32.h"

namespace evidence {
namespace {

void set_unless_empty(Json& json, std::string_view key, const std::string& text) {
    if (!text.empty()) json.set(key, text);
}

void set_device(Json& json, const BlockDevice& device) {
    set_unless_empty(json, "by_id", device.by_id);
    set_unless_empty(json, "model", device.model);
    set_unless_empty(json, "serial", device.serial);
    set_unless_empty(json, "wwn", device.wwn);
    const auto set_sector = [&json](const char* key, unsigned bytes) {
        if (bytes > 0) json.set(key, static_cast<std::int64_t>(bytes));
    };
    set_sector("logical_sector", device.logical_sector_bytes);
    set_sector("physical_sector", device.physical_sector_bytes);
}

// Owner, mode and times of a file or folder, spelled as in the records of tree entries.
void set_file_metadata(Json& json, const Source& source) {
    const EntryFacts facts = entry_facts({-1, nullptr, source.file.fd()}, source.status);
    const Json entry = entry_record(facts, {});
    for (const char* key : {"mode", "uid", "gid", "mtime", "atime", "ctime", "btime"}) {
        if (const Json* value = entry.find(key)) json.set(key, *value);
    }
}

Json source_json(const Source& source) {
    Json json = Json::object({});
    set_text_or_bytes(json, "path", source.path);
    if (source.size_bytes) json.set("size_bytes", *source.size_bytes);
    if (source.device) set_device(json, *source.device);
    if (source.kind == ItemKind::file || source.kind == ItemKind::tree) {
        set_file_metadata(json, source);
    }
    return json;
}

std::string_view format_of(ItemKind kind) {
    return kind == ItemKind::tree ? "tar" : kind == ItemKind::e01 ? "e01" : "raw";
}

// What the set says of itself, and whether its content is what it says.
Json taken_in_json(const EwfImport& ewf) {
    Json header = Json::object({});
    for (const EwfHeaderField& field : ewf_header_fields) {
        set_unless_empty(header, field.identifier, ewf.header.*field.value);
    }
    if (ewf.header.acquired_at) header.set("acquired_at", format_utc(*ewf.header.acquired_at));
    return Json::object({{"digests", to_json(ewf.stored)},
                         {"header", std::move(header)},
                         {"result", ewf.stored.empty()     ? "absent"
                                    : ewf.mismatch.empty() ? "match"
                                                           : "mismatch"}});
}

Json options_json(const AcquireRequest& request, const AcquisitionFacts& facts) {
    const ObjectFacts& object = facts.object;
    const ItemKind kind = facts.source.kind;
    const ErrorPolicy& errors = request.errors;
    Json algorithms = Json::array();
    for (const auto& [algorithm, value] : object.digests) algorithms.push_back(name_of(algorithm));
    Json json = Json::object({{"digest", std::move(algorithms)},
                              {"format", format_of(facts.kind)},
                              {"on_error", errors.on_error == OnError::fill ? "fill" : "stop"},
                              {"read_back", request.read_back == ReadBack::yes},
                              {"require_read_only", request.require_read_only}});
    if (facts.kind == ItemKind::e01 && !facts.ewf) {
        json.set("compression", name_of(request.compression.value_or(EwfCompression::fast)));
    }
    if (request.also) set_text_or_bytes(json, "also", request.also->native());
    if (request.segment_bytes) json.set("split_bytes", *request.segment_bytes);
    if (kind == ItemKind::image || kind == ItemKind::file) {
        json.set("retries", static_cast<std::int64_t>(errors.retries));
        json.set("reverse", errors.reverse);
        if (errors.read_timeout) {
            json.set("read_timeout_ms", static_cast<std::int64_t>(errors.read_timeout->count()));
        }
        set_unless_empty(json, "mapfile_sha256", facts.mapfile_sha256);
    }
    if (kind == ItemKind::tree) {
        json.set("cross_file_systems", request.file_systems == FileSystems::all);
        if (!request.selection.selects_everything()) {
            json.set("selection", to_json(request.selection));
        }
    }
    return json;
}

Json clock_json(const AcquireRequest& request, const Context& context) {
    Json json = Json::object({{"source", context.clock.source()}});
    if (request.source_clock_offset_ms) json.set("offset_ms", *request.source_clock_offset_ms);
    return json;
}

Json zero_json(const ZeroReport& zeros) {
    return Json::object(
        {{"bytes", zeros.zero_bytes}, {"longest", zeros.longest_bytes}, {"runs", zeros.runs}});
}

// What was taken in is always compared with its copies.
bool was_read_back(const AcquireRequest& request, const AcquisitionFacts& facts) {
    return request.read_back == ReadBack::yes || facts.ewf;
}

Json strings_json(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const std::string& text : texts) json.push_back(text);
    return json;
}

// Who acts; not the certificate, which the event names.
Json operator_json(Actor actor) {
    actor.certificate_sha256.clear();
    actor.algorithm.clear();
    return to_json(actor);
}

void set_object(Json& json, const ObjectFacts& object) {
    json.set("size_bytes", object.size_bytes);
    json.set("digests", to_json(object.digests));
    json.set("crc32", crc32_hex(object.crc32));
    json.set("zero", zero_json(object.zeros));
    if (object.pieces_root) json.set("pieces_root", to_hex(*object.pieces_root));
    if (!object.segments.empty()) json.set("segments", to_json(object.segments));
}

}  // namespace

Json to_json(const ToolDetails& tool) {
    Json json = Json::object({{"name", tool.name}, {"version", tool.version}});
    set_unless_empty(json, "build", tool.build);
    return json;
}

Json acquisition_record(const AcquireRequest& request, const AcquisitionFacts& facts,
                        const Context& context) {
    Json json = Json::object({{"case", facts.case_number},
                              {"clock", clock_json(request, context)},
                              {"completed_at", format_utc(facts.completed_at)},
                              {"format", "evidence-acquisition/1"},
                              {"item", facts.item_id},
                              {"method", name_of(facts.kind)},
                              {"operator", operator_json(request.author.actor)},
                              {"options", options_json(request, facts)},
                              {"preflight", to_json(facts.preflight)},
                              {"read_back", was_read_back(request, facts) ? "passed" : "skipped"},
                              {"salt", random_hex_128(context.random)},
                              {"source", source_json(facts.source)},
                              {"started_at", format_utc(facts.started_at)},
                              {"tool", to_json(request.tool)},
                              {"zone", context.clock.zone()}});
    set_object(json, facts.object);
    if (facts.tree) {
        json.set("account", to_json(facts.tree->account));
        json.set("index_sha256", facts.tree->index_sha256);
    } else if (facts.changed) {
        TreeAccount one_object;
        one_object.collected = one_object.changed = 1;
        json.set("account", to_json(one_object));
    }
    if (facts.ewf) json.set("taken_in", taken_in_json(*facts.ewf));
    if (!facts.resumptions.empty()) json.set("resumed", to_json(facts.resumptions));
    if (!facts.bad_ranges.empty()) {
        json.set("map", Json::object({{"bad_bytes", facts.bad_ranges.bytes()},
                                      {"ranges", facts.bad_ranges.all().size()},
                                      {"sha256", facts.map_sha256}}));
    }
    if (facts.expectation_met) {
        json.set("expected", to_json(request.expected, *facts.expectation_met));
    }
    set_unless_empty(json, "authority", request.event.authority);
    set_unless_empty(json, "place", request.event.place);
    set_unless_empty(json, "description", request.description);
    set_unless_empty(json, "note", request.note);
    set_unless_empty(json, "write_blocker", request.write_blocker);
    if (!facts.warnings.empty()) json.set("warnings", strings_json(facts.warnings));
    return json;
}

}  // namespace evidence
