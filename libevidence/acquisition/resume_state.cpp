#include "acquisition/resume_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "acquisition/entry_record.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "digest/digest.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::string_view format_name = "evidence-resume/1";
constexpr std::size_t max_document_bytes = mib;
constexpr std::size_t max_resumptions = 1000;
constexpr std::size_t max_text_bytes = 16 * kib;

[[noreturn]] void refuse(std::string_view member, std::string_view expected) {
    throw Error(ErrorKind::malformed, "resume.json is wrong: " + std::string(member) +
                                          " (expected " + std::string(expected) + ")");
}

std::string sector_sha256(const Source& source, PositionedReader& reads, std::uint64_t offset) {
    Bytes sector(std::min<std::uint64_t>(source.sector_bytes(), *source.size_bytes - offset));
    if (sector.empty()) return {};
    const ssize_t count = reads.read_at(sector, offset);
    return count == static_cast<ssize_t>(sector.size()) ? sha256_hex(as_text(sector)) : "";
}

std::string text_of(const struct timespec& time) {
    return format_utc_nanoseconds(time.tv_sec, static_cast<int>(time.tv_nsec));
}

Json source_json(const SourceIdentity& source) {
    return Json::object({{"ctime", source.ctime},
                         {"first_sector_sha256", source.first_sector_sha256},
                         {"inode", source.inode},
                         {"kind", name_of(source.kind)},
                         {"last_sector_sha256", source.last_sector_sha256},
                         {"model", source.model},
                         {"mtime", source.mtime},
                         {"path_hex", source.path_hex},
                         {"sector_bytes", static_cast<std::int64_t>(source.sector_bytes)},
                         {"serial", source.serial},
                         {"size_bytes", source.size_bytes},
                         {"wwn", source.wwn}});
}

std::string text_of(const Json& json, std::string_view key) {
    const std::string& text = json.at(key).string();
    if (text.size() > max_text_bytes) refuse(key, "a short text");
    return text;
}

SourceIdentity source_of(const Json& json) {
    SourceIdentity source;
    const auto kind = item_kind_named(json.at("kind").string());
    if (kind != ItemKind::image && kind != ItemKind::file) refuse("kind", "image or file");
    source.kind = *kind;
    source.size_bytes = json.at("size_bytes").size();
    const std::uint64_t sector = json.at("sector_bytes").size();
    if (sector == 0 || sector > mib) refuse("sector_bytes", "the size of a sector");
    source.sector_bytes = static_cast<unsigned>(sector);
    source.inode = json.at("inode").size();
    source.wwn = text_of(json, "wwn");
    source.serial = text_of(json, "serial");
    source.model = text_of(json, "model");
    source.mtime = text_of(json, "mtime");
    source.ctime = text_of(json, "ctime");
    source.path_hex = text_of(json, "path_hex");
    source.first_sector_sha256 = text_of(json, "first_sector_sha256");
    source.last_sector_sha256 = text_of(json, "last_sector_sha256");
    return source;
}

UtcTime time_of(const Json& json, std::string_view key) {
    const auto time = parse_utc(json.at(key).string());
    if (!time) refuse(key, "a UTC time in milliseconds");
    return *time;
}

Json bad_ranges_json(const BadRanges& ranges) {
    Json all = Json::array();
    for (const BadRange& range : ranges.all()) {
        all.push_back(Json(Json::Array{Json(range.offset_bytes), Json(range.size_bytes),
                                       Json(range.error_number)}));
    }
    return all;
}

BadRanges bad_ranges_of(const Json& json, std::uint64_t position) {
    BadRanges ranges;
    if (json.items().size() > resume_max_bad_ranges) refuse("bad_ranges", "fewer ranges");
    std::uint64_t end = 0;
    for (const Json& item : json.items()) {
        if (item.items().size() != 3) refuse("bad_ranges", "[offset, size, error]");
        const std::uint64_t offset = item.items()[0].size(), size = item.items()[1].size();
        const std::uint64_t error_number = item.items()[2].size();
        if (offset < end || size == 0 || offset > position || size > position - offset ||
            error_number > 4096) {
            refuse("bad_ranges", "ascending ranges before the position");
        }
        ranges.add({offset, size, static_cast<int>(error_number)});
        end = offset + size;
    }
    return ranges;
}

std::string format_state(const ResumeState& state) {
    Json algorithms = Json::array();
    for (Algorithm algorithm : state.algorithms) algorithms.push_back(name_of(algorithm));
    Json json = Json::object({{"bad_ranges", bad_ranges_json(state.bad_ranges)},
                              {"digest", std::move(algorithms)},
                              {"format", format_name},
                              {"item", state.item},
                              {"position_bytes", state.position_bytes},
                              {"resumptions", to_json(state.resumptions)},
                              {"source", source_json(state.source)},
                              {"started_at", format_utc(state.started_at)}});
    if (!state.also.empty()) json.set("also_hex", to_hex(as_bytes(state.also)));
    if (state.segment_bytes) json.set("segment_bytes", *state.segment_bytes);
    return canonical(json) + "\n";
}

ResumeState parse_state(const std::string& text) {
    const Json json = parse_canonical_document(text, resume_file_name);
    if (json.at("format").string() != format_name) refuse("format", format_name);
    ResumeState state;
    state.item = json.at("item").string();
    if (!is_item_id(state.item)) refuse("item", "an item id");
    state.source = source_of(json.at("source"));
    state.position_bytes = json.at("position_bytes").size();
    if (state.position_bytes % piece_bytes != 0 || state.position_bytes > state.source.size_bytes) {
        refuse("position_bytes", "whole pieces of the source");
    }
    for (const Json& name : json.at("digest").items()) {
        const auto algorithm = algorithm_named(name.string());
        if (!algorithm) refuse("digest", "names of algorithms");
        state.algorithms.push_back(*algorithm);
    }
    if (const Json* size = json.find("segment_bytes")) {
        state.segment_bytes = size->size();
        if (*state.segment_bytes == 0 || *state.segment_bytes % piece_bytes != 0) {
            refuse("segment_bytes", "whole pieces");
        }
    }
    if (json.find("also_hex")) {
        const auto folder = from_hex(text_of(json, "also_hex"));
        if (!folder || folder->empty()) refuse("also_hex", "a folder in hex");
        state.also = as_text(*folder);
    }
    state.started_at = time_of(json, "started_at");
    const Json& resumptions = json.at("resumptions");
    if (resumptions.items().size() > max_resumptions) refuse("resumptions", "fewer of them");
    for (const Json& resumption : resumptions.items()) {
        state.resumptions.push_back(
            {time_of(resumption, "at"), resumption.at("position_bytes").size()});
    }
    state.bad_ranges = bad_ranges_of(json.at("bad_ranges"), state.position_bytes);
    if (format_state(state) != text) refuse("the document", "its members and no others");
    return state;
}

template <typename Value>
std::string compare(std::string_view what, const Value& found, const Value& expected) {
    if (found == expected) return {};
    return fmt::format("{} {} (expected {})", what, found, expected);
}

}  // namespace

SourceIdentity identify(const Source& source, const ErrorPolicy& errors) {
    SourceIdentity identity;
    identity.kind = source.kind;
    identity.size_bytes = source.size_bytes.value_or(0);
    identity.sector_bytes = source.sector_bytes();
    if (source.device) {
        identity.wwn = source.device->wwn;
        identity.serial = source.device->serial;
        identity.model = source.device->model;
    } else {
        identity.path_hex = to_hex(as_bytes(source.path));
        identity.inode = source.status.st_ino;
        identity.mtime = text_of(source.status.st_mtim);
        identity.ctime = text_of(source.status.st_ctim);
    }
    if (identity.size_bytes == 0) return identity;
    const std::unique_ptr<PositionedReader> reads = reads_of(source, errors);
    identity.first_sector_sha256 = sector_sha256(source, *reads, 0);
    identity.last_sector_sha256 = sector_sha256(
        source, *reads, (identity.size_bytes - 1) / identity.sector_bytes * identity.sector_bytes);
    return identity;
}

std::string difference(const SourceIdentity& found, const SourceIdentity& expected) {
    for (const std::string& text :
         {compare("kind", name_of(found.kind), name_of(expected.kind)),
          compare("size", found.size_bytes, expected.size_bytes),
          compare("sector size", found.sector_bytes, expected.sector_bytes),
          compare("WWN", found.wwn, expected.wwn),
          compare("serial number", found.serial, expected.serial),
          compare("model", found.model, expected.model),
          compare("path in hex", found.path_hex, expected.path_hex),
          compare("inode", found.inode, expected.inode),
          compare("modification time", found.mtime, expected.mtime),
          compare("change time", found.ctime, expected.ctime),
          compare("SHA-256 of the first sector", found.first_sector_sha256,
                  expected.first_sector_sha256),
          compare("SHA-256 of the last sector", found.last_sector_sha256,
                  expected.last_sector_sha256)}) {
        if (!text.empty()) return text;
    }
    return {};
}

void save_resume_state(const fs::path& folder, const ResumeState& state) {
    const fs::path path = folder / resume_file_name, next = folder / "resume.json.next";
    remove_if_there(next);  // of a process that was killed here
    File file = File::create_new(next);
    file.write(as_bytes(format_state(state)));
    file.sync();
    file.close();
    std::error_code failed;
    fs::rename(next, path, failed);
    if (failed) throw_system_error(failed.value(), "cannot rename to", path.native());
    sync_folder(folder);
}

std::optional<ResumeState> load_resume_state(const fs::path& folder) {
    const fs::path path = folder / resume_file_name;
    if (!name_is_taken(path)) return std::nullopt;
    return parse_state(read_small_file(File::open_regular(path), max_document_bytes));
}

Json to_json(const std::vector<ResumeState::Resumption>& resumptions) {
    Json all = Json::array();
    for (const ResumeState::Resumption& resumption : resumptions) {
        all.push_back(Json::object(
            {{"at", format_utc(resumption.at)}, {"position_bytes", resumption.position_bytes}}));
    }
    return all;
}

}  // namespace evidence
