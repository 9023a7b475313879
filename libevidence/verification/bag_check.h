// The checks of a plain BagIt bag, wherever it lies: its tag files first, then every file in it
// against its manifests (RFC 8493 section 3 and the drafts before it). Private to the room.
//
// Thread rule: belongs to one thread.
#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "verification/bag_contents.h"
#include "verification/bag_declaration.h"
#include "verification/bag_fetch.h"
#include "verification/bag_source.h"
#include "verification/report.h"

namespace evidence {

// Beyond these a bag is no work for one machine, or made to be a burden: bag.limit.
inline constexpr std::uint64_t bag_max_lines = 10'000'000;  // of all manifests together
inline constexpr std::uint64_t bag_max_manifests = 32;
inline constexpr std::size_t bag_path_max_bytes = 64 * kib;

class BagCheck {
public:
    BagCheck(BagSource& source, const Context& context, VerificationReport& report);

    // Findings of the structure and content layers, and report.bag.
    void run();

private:
    void check_declaration();
    void check_manifests();
    void check_manifest(const std::string& file_name, const ManifestName& name);
    void read_manifest(const std::string& file_name, const ManifestName& name,
                       const std::optional<ForeignAlgorithm>& algorithm);
    void read_line(std::size_t manifest, ManifestKind kind, std::optional<std::size_t> digest_bytes,
                   std::string_view line);
    // Where a path leads; a finding and nullopt when that is no place for it.
    std::optional<std::string> place_of(std::string_view written, ManifestKind kind);
    void check_tag_manifests_list_manifests();
    void check_fetch();
    void read_fetch_line(std::string_view line);
    void check_metadata();
    void check_oxum(std::string_view value);
    void check_payload_folder();
    void judge_oxum();
    void judge_algorithms();
    void finish_lines(const TagLines& lines, const std::string& name);
    void add(std::string_view code, Weight weight, std::string message, std::string where = {});
    std::string here() const;

    BagSource& source_;
    const Context& context_;
    VerificationReport& report_;
    BagFacts facts_;
    BagDeclaration declaration_;
    std::optional<BagContents> contents_;
    std::uint64_t manifests_ = 0, lines_ = 0;
    std::string file_;        // the tag file being read
    std::uint64_t line_ = 0;  // of it
    bool has_limit_ = false, said_md5sum_ = false, said_not_normal_ = false;
    std::vector<std::string> payload_manifests_, tag_manifests_;
    std::vector<std::vector<std::string>> manifests_in_tag_manifest_;  // each in its order
};

}  // namespace evidence
