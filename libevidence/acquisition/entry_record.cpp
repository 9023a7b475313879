#include "acquisition/entry_record.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/utc_time.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::int64_t first_second_of_year_0 = -62'167'219'200;
constexpr std::int64_t last_second_of_year_9999 = 253'402'300'799;

void set_time(Json& record, std::string_view key, const std::optional<FileTime>& time) {
    if (!time || time->seconds < first_second_of_year_0 ||
        time->seconds > last_second_of_year_9999) {
        return;
    }
    record.set(key, format_utc_nanoseconds(time->seconds, static_cast<int>(time->nanoseconds)));
}

}  // namespace

std::string_view name_of(EntryType type) {
    switch (type) {
        case EntryType::file:
            return "file";
        case EntryType::directory:
            return "directory";
        case EntryType::symlink:
            return "symlink";
        case EntryType::hardlink:
            return "hardlink";
        case EntryType::fifo:
            return "fifo";
        case EntryType::device:
            return "device";
    }
    return "";
}

Json entry_record(const EntryFacts& facts, std::string_view item_id) {
    Json record = Json::object({{"format", "evidence-record/1"},
                                {"gid", facts.gid},
                                {"item", item_id},
                                {"kind", "entry"},
                                {"mode", fmt::format("{:04o}", facts.mode)},
                                {"type", name_of(facts.type)},
                                {"uid", facts.uid}});
    set_text_or_bytes(record, "name", facts.name);
    if (facts.type == EntryType::symlink || facts.type == EntryType::hardlink) {
        set_text_or_bytes(record, "target", facts.target);
    }
    set_time(record, "mtime", facts.mtime);
    set_time(record, "atime", facts.atime);
    set_time(record, "ctime", facts.ctime);
    set_time(record, "btime", facts.btime);
    return record;
}

void set_content(Json& record, std::uint64_t size_bytes, const Sha256& digest) {
    record.set("size_bytes", size_bytes);
    record.set("digests", Json::object({{"sha256", to_hex(digest)}}));
}

}  // namespace evidence
