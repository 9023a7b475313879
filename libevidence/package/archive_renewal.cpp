#include "package/archive_renewal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "package/documents.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/package_tail.h"
#include "package/zip_reader.h"

namespace evidence {
namespace {

constexpr unsigned first_archive = 5, last_archive = 99;
constexpr std::size_t read_bytes = 1 * mib;

[[noreturn]] void refuse(const fs::path& package, const std::string& why,
                         const std::string& hint = {}) {
    throw Error(ErrorKind::refused, "not renewed: " + package.native() + " (" + why + ")", hint);
}

// A package that is open for reading, and what it is made of.
class Renewing {
public:
    Renewing(const fs::path& package, Algorithm algorithm, const Context& context)
        : path_(package),
          file_(File::open_read(package)),
          algorithm_(algorithm),
          context_(context) {
        Findings findings;
        zip_ = read_zip_structure(file_, findings);
        for (const Finding& finding : findings.all()) {
            refuse(path_, "it is not whole, " + finding.code);
        }
    }

    PendingArchive run() {
        const unsigned number = next_number();
        const std::string token_name = fmt::format("META-INF/timestamp{:03}.tst", number);
        const TimestampFacts newest = newest_time_stamp(number);
        std::string manifest = asic_manifest_head(token_name);
        std::vector<ListedFile> sealed;
        context_.progress.start("hashing", file_.size());
        for (const ZipEntry& entry : zip_.entries) add(entry, manifest, sealed);
        context_.progress.finish();
        require_as_sealed(sealed);
        manifest += asic_manifest_tail;
        return {{fmt::format("META-INF/ASiCArchiveManifest{:03}.xml", number), std::move(manifest),
                 token_name},
                newest};
    }

private:
    std::string content_of(std::string_view name, std::size_t max_bytes) const {
        const ZipEntry* entry = zip_.find(name);
        if (!entry) refuse(path_, "it has no " + std::string(name));
        return read_entry(file_, *entry, max_bytes);
    }

    unsigned next_number() const {
        const PackageDocument document = parse_package_document(
            content_of("package.json", json_max_document_bytes), "package.json");
        if (document.timestamp == TimestampPolicy::none) {
            refuse(path_, "it was sealed without time-stamps");
        }
        for (const TimestampNames& names : time_stamp_names) {
            if (!zip_.find(names.token)) {
                refuse(path_, "it has no time-stamps yet",
                       "evidence-seal --attach-timestamp puts the first ones in");
            }
        }
        unsigned number = first_archive;
        while (zip_.find(fmt::format("META-INF/timestamp{:03}.tst", number))) ++number;
        if (number > last_archive) refuse(path_, "it has as many time-stamps as it can hold");
        return number;
    }

    TimestampFacts newest_time_stamp(unsigned next) const {
        const unsigned number = next - 1;
        const std::string token = content_of(fmt::format("META-INF/timestamp{:03}.tst", number),
                                             timestamp_token_max_bytes);
        const std::string manifest =
            content_of(fmt::format("META-INF/ASiC{}Manifest{:03}.xml",
                                   number < first_archive ? "" : "Archive", number),
                       manifest_max_bytes);
        const TimestampCheck check =
            check_timestamp(as_bytes(token), as_bytes(manifest), TrustStore());
        if (!check.facts) {
            refuse(path_, fmt::format("its newest time-stamp, {:03}, cannot be read", number));
        }
        return *check.facts;
    }

    // Hashes an entry for the new manifest, and for the one that was signed.
    void add(const ZipEntry& entry, std::string& manifest, std::vector<ListedFile>& sealed) const {
        Hasher hasher(algorithm_), sha256(Algorithm::sha256);
        Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, read_bytes)));
        const bool twice = algorithm_ != Algorithm::sha256;
        for (std::uint64_t position = 0; position < entry.size;) {
            context_.check_interrupted();
            const MutableByteView part = MutableByteView(buffer).first(static_cast<std::size_t>(
                std::min<std::uint64_t>(entry.size - position, buffer.size())));
            file_.read_exactly_at(part, entry.data_offset() + position);
            sha256.update(part);
            if (twice) hasher.update(part);
            position += part.size();
            context_.progress.advance(part.size());
        }
        const Sha256 plain = sha256.finish_sha256();
        manifest += twice ? asic_manifest_line(entry.name, algorithm_, hasher.finish())
                          : asic_manifest_line(entry.name, plain);
        if (is_in_manifest_001(entry.name)) sealed.push_back({entry.name, plain});
    }

    // Nothing that has changed since may get a newer proof of existence.
    void require_as_sealed(const std::vector<ListedFile>& sealed) const {
        if (content_of(manifest_001, manifest_max_bytes) == asic_manifest(signature_001, sealed)) {
            return;
        }
        refuse(path_, "it does not hold what was sealed", "evidence-verify says what is wrong");
    }

    const fs::path path_;
    const File file_;
    const Algorithm algorithm_;
    const Context& context_;
    ZipStructure zip_;
};

}  // namespace

PendingArchive pending_archive_time_stamp(const fs::path& package, Algorithm algorithm,
                                          const Context& context) {
    if (algorithm != Algorithm::sha256 && algorithm != Algorithm::sha384 &&
        algorithm != Algorithm::sha512) {
        throw Error(ErrorKind::usage,
                    "no algorithm for time-stamps: " + std::string(name_of(algorithm)) +
                        " (expected sha256, sha384 or sha512)");
    }
    return Renewing(package, algorithm, context).run();
}

TimestampFacts attach_archive_time_stamp(const fs::path& package, const PendingArchive& pending,
                                         Bytes token, const TrustStore* authorities,
                                         std::string_view from) {
    const PendingTimestamp& made = pending.time_stamp;
    const Timestamp stamp =
        require_timestamp(std::move(token), as_bytes(made.manifest), authorities, from);
    if (stamp.facts.time.milliseconds + time_stamp_tolerance_ms <
        pending.newest.time.milliseconds) {
        refuse(package,
               fmt::format("the time-stamp from {} is older than what it covers: {} "
                           "(expected {} or later)",
                           from, format_utc(stamp.facts.time), format_utc(pending.newest.time)));
    }
    append_entries(package, {{made.manifest_name, made.manifest},
                             {made.token_name, std::string(as_text(stamp.token))}});
    return stamp.facts;
}

}  // namespace evidence
