// Where a bag lies: a folder, or an archive of one (RFC 8493 section 4). Private to the room.
//
// Thread rule: a source belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/file.h"
#include "base/finding.h"
#include "digest/foreign_digest.h"

namespace evidence {

// Views are valid during the sink's call only.
struct BagItem {
    enum class Kind {
        file,        // read and digested
        special,     // a link, device, FIFO or socket; never followed, never opened
        unreadable,  // `problem` says why
    };
    std::string_view path;  // relative to the base folder
    Kind kind = Kind::file;
    std::string_view problem;
    std::uint64_t size_bytes = 0;
    const std::vector<Bytes>& digests;  // one for each algorithm asked for; only of files
};

// bagit.txt, bag-info.txt, package-info.txt, fetch.txt, manifest-*.txt, tagmanifest-*.txt.
bool is_bag_tag_name(std::string_view file_name);

class BagSource {
public:
    using Sink = std::function<void(const BagItem& item)>;

    virtual ~BagSource() = default;

    virtual std::string form() const = 0;  // "folder", "zip", "tar+gzip"
    virtual bool has_payload_folder() const = 0;
    // The signatures of a sealed package lie in it: somebody took one apart.
    virtual bool was_package() const = 0;
    // Regular files in the base folder that have a meaning for BagIt (is_bag_tag_name).
    virtual const std::set<std::string, std::less<>>& tag_files() const = 0;
    // One of them. Error(io), Error(malformed).
    virtual File open_tag_file(const std::string& name) const = 0;
    // Every file of the bag once, memory bounded. What is wrong with the whole is a finding;
    // false when not everything could be read. Error(io), Error(interrupted).
    virtual bool read_all(const std::vector<ForeignAlgorithm>& algorithms, const Sink& sink,
                          Findings& findings) = 0;
};

// True when the folder has a file that only bags have in their base folder.
bool looks_like_bag(const fs::path& folder);
std::unique_ptr<BagSource> open_bag_folder(const fs::path& folder, const Context& context);

// nullptr when the file is no archive known here, holds no bag, or is a sealed package. `file` must
// outlive the source.
std::unique_ptr<BagSource> open_bag_archive(const File& file, const Context& context,
                                            Findings& findings);

}  // namespace evidence
