// The files of an acquired item, in CASE/items/<ID>/: what acquisition writes and sealing reads.
//
//   image.img | file.bin | stream.img | tree.tar   the object
//   image.000, image.001 ..                        or its segments
//   image.E01, image.E02 ..                        or a set in the Expert Witness format
//   acquisition.json                               the record, one canonical document
//   pieces.txt                                     one hex digest per 1 MiB piece and line, for
//                                                  objects over 1 MiB; segments one after another
//   index.jsonl                                    trees: {"at":{"offset_bytes":n},"record":{..}}
//                                                  per entry, without `salt` and `object`, in
//                                                  archive order; its SHA-256 is in the record
//   omitted.jsonl                                  trees: what was left out and why; absent if none
//   map                                            bad ranges (ddrescue mapfile); absent if none
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "digest/digest.h"

namespace evidence {

inline constexpr std::string_view map_file_name = "map";
inline constexpr std::string_view acquisition_file_name = "acquisition.json";
inline constexpr std::string_view pieces_file_name = "pieces.txt";
inline constexpr std::size_t pieces_line_bytes = 65;  // of pieces.txt: 64 digits and a newline
// More segments than this would make the record longer than a document may be.
inline constexpr std::size_t max_recorded_segments = 5000;

enum class ItemKind { image, file, stream, tree, e01 };

std::string_view name_of(ItemKind kind);  // as `kind` in records, `method` in acquisitions
std::optional<ItemKind> item_kind_named(std::string_view name);
std::string_view object_file_name(ItemKind kind);  // "image.img"
std::string_view object_extension(ItemKind kind);  // "img", "bin", "img", "tar", "E01"
// Of a segment, counted from 0: "image.000", "image.001" .., "image.E01", "image.E02" ..
std::string segment_file_name(ItemKind kind, std::size_t number);
// Those of the first `count`.
std::vector<std::string> segment_file_names(ItemKind kind, std::size_t count);

// One file of an object that is in segments.
struct SegmentFacts {
    std::uint64_t size_bytes = 0;
    DigestSet digests;
    std::uint32_t crc32 = 0;
    std::optional<Sha256> pieces_root;  // over 1 MiB

    std::uint64_t pieces() const;  // at least one
    bool operator==(const SegmentFacts&) const = default;
};

// What sealing and verification need of acquisition.json (the schema has the rest).
struct AcquisitionRecord {
    // What a map of bad ranges comes to.
    struct Map {
        std::uint64_t bad_bytes = 0, ranges = 0;
        bool operator==(const Map&) const = default;
    };
    Json document;  // all of it
    std::string case_number, item;
    ItemKind kind{};
    std::uint64_t size_bytes = 0;  // of the medium; so are digests and crc32
    DigestSet digests;
    std::uint32_t crc32 = 0;
    std::optional<Sha256> pieces_root;          // of all pieces, when there are several
    std::vector<SegmentFacts> segments;         // in order; empty for an object in one file
    std::optional<std::string> index_sha256;    // trees
    std::optional<std::string> omitted_sha256;  // account.omitted_sha256
    std::optional<Map> map;                     // exactly when there is a map
    std::string map_sha256;                     // of the file; empty when the record does not say
    Json source_member;                         // Json(text) for `source`, or null
    Json source_bytes_member;                   // hex for `source_bytes`, or null
};

// The files of the object, in order: "image.img", or "image.000", "image.001" ..
std::vector<std::string> object_file_names(const AcquisitionRecord& record);

Json to_json(const std::vector<SegmentFacts>& segments);

// Error(malformed) for anything that is not a canonical acquisition record.
AcquisitionRecord parse_acquisition_record(std::string_view document, std::string_view where);

}  // namespace evidence
