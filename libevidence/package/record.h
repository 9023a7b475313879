// Lines of items.jsonl: {"at":{..},"record":{..}} (evidence-package(5), "Records").
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "digest/digest.h"
#include "package/documents.h"

namespace evidence {

inline constexpr std::string_view record_format = "evidence-record/1";

struct RecordLine {
    std::string object;                         // at.object: "data/000001.img"; empty: `at` is {}
    std::optional<std::uint64_t> offset_bytes;  // at.offset_bytes: files inside a tree
    Json record;

    bool is_entry() const;  // record.kind is "entry"
    bool is_item() const;   // it describes an item: not an entry, a further segment, or a part
};

std::string format_record_line(const RecordLine& line);  // with its newline
// The same into `text`; returns the record's own bytes in it, the leaf of the item tree.
std::string_view format_record_line(const RecordLine& line, std::string& text);

// The checks of parse_record_line on a line put together by a program; Error(malformed). Only a
// disclosure may have regions, redactions, and records of items whose object is not given.
void check_record_line(const RecordLine& line, std::string_view where,
                       PackageKind kind = PackageKind::seal);
// Those of the record alone.
void check_record(const Json& record, std::string_view where, PackageKind kind);

// Takes a line without its newline. Strict: canonical, only members the format knows for this kind,
// well-formed values; Error(malformed) otherwise. On success `record_bytes` holds the record's own
// canonical bytes, the leaf of the item tree.
RecordLine parse_record_line(std::string_view line, std::string_view where,
                             std::string& record_bytes, PackageKind kind = PackageKind::seal);

// Whether a record is another one's but for the salt: all that a disclosure may change. Both are
// canonical.
bool differ_in_salt_alone(std::string_view a, std::string_view b);
// Whether a record (a region or redaction) names this leaf hash as that of what it was made from.
bool is_made_of(std::string_view record, const Sha256& leaf);

// The name or target of an entry's record as the bytes it is.
std::string entry_text(const Json& record, std::string_view member, std::string_view where);

}  // namespace evidence
