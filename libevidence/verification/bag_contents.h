// What the manifests of a bag list and what lies in it, held against each other. Private to the
// room.
//
//     add_manifest, add_line.. for every manifest -> add_item for every file -> settle
//
// Memory is the names and digests, each once. What differs is a finding:
//   payload.missing, payload.unexpected, payload.digest-mismatch, payload.unreadable
//   bag.missing-tag-file, bag.tag-digest-mismatch, bag.not-a-file
//   bag.duplicate-entry, bag.contradicting-entries, bag.not-in-every-manifest
//   bag.name-differs, bag.names-alike, bag.unlisted-tag-file, bag.fetch-size, bag.wrong-entry
//
// Thread rule: belongs to one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "verification/bag_info.h"
#include "verification/bag_manifest.h"
#include "verification/bag_source.h"

namespace evidence {

class BagContents {
public:
    BagContents(BagVersion version, Findings& findings) : version_(version), findings_(findings) {}

    // Returns its index. Without an algorithm that is known here, only its names count.
    std::size_t add_manifest(std::string file_name, ManifestKind kind,
                             const std::optional<ForeignAlgorithm>& algorithm);
    // `path` is inside the bag; `written` is how the manifest has it.
    void add_line(std::size_t manifest, const std::string& path, std::string_view written,
                  ByteView digest, std::uint64_t line_number);
    // A payload file that fetch.txt says was left out.
    void add_fetch(const std::string& path, std::optional<std::uint64_t> size_bytes);

    // Every algorithm of the manifests once: what add_item expects the digests of, in that order.
    const std::vector<ForeignAlgorithm>& algorithms() const { return algorithms_; }

    void add_item(const BagItem& item);

    // Once everything was added. `encoding` is that of the tag files.
    void settle(TagEncoding encoding);

    PayloadOxum payload() const { return payload_; }  // as found
    std::uint64_t tag_files() const { return tag_files_; }

private:
    struct Manifest {
        std::string file_name;
        ManifestKind kind;
        std::optional<std::size_t> algorithm;  // index
    };
    struct Expectation {
        std::uint32_t manifest;
        std::uint64_t digest_at;  // in digests_
    };
    struct Entry {
        std::vector<Expectation> expected;
        std::string written;  // when it is not the path itself
        bool is_present = false, is_broken = false, is_fetched_later = false;
        std::optional<std::uint64_t> announced_bytes;
        std::optional<std::uint64_t> found_at;  // all digests, one after the other, in digests_
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    ByteView digest(std::uint64_t at, std::size_t algorithm) const;
    std::uint64_t keep(ByteView bytes);
    void compare(const std::string& path, const Entry& entry, const BagItem& item);
    bool is_known_to_all(const Entry& entry) const;
    void find_alike();
    Entries::iterator find_under_other_name(const std::string& path, const Entry& entry,
                                            TagEncoding encoding);
    void settle_missing(Entries::iterator missing, TagEncoding encoding);
    void report_missing(const std::string& path, const Entry& entry);
    bool agrees(const Entry& there, const Expectation& wanted) const;
    void settle_present(const std::string& path, const Entry& entry);
    void settle_tag_file(const std::string& path, const Entry& entry);
    void add(std::string_view code, Layer layer, Weight weight, std::string message,
             std::string where);

    const BagVersion version_;
    Findings& findings_;
    std::vector<Manifest> manifests_;
    std::vector<ForeignAlgorithm> algorithms_;
    Entries entries_;
    Bytes digests_;
    std::map<std::string, std::string, std::less<>> present_by_fold_;  // only while settling
    PayloadOxum payload_;
    std::uint64_t tag_files_ = 0;
};

}  // namespace evidence
