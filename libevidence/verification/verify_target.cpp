#include "verification/verify_target.h"

#include "base/error.h"
#include "base/folder.h"
#include "package/package_layout.h"
#include "verification/verify_bag.h"

namespace evidence {
namespace {

constexpr std::size_t look_bytes = 64 * kib;

bool has(const File& file, std::uint64_t offset, std::string_view text) {
    std::string bytes(look_bytes, '\0');
    bytes.resize(file.read_at(
        MutableByteView(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()), offset));
    return bytes.find(text) != std::string::npos;
}

// A package is a bag, too, so anything that was one must not pass for less: the media type at its
// start or the name of its manifest at its end is enough.
bool shows_package(const File& file) {
    const std::uint64_t size = file.size();
    return has(file, 0, "mimetypeapplication/vnd.etsi.asic-e+zip") ||
           has(file, size > look_bytes ? size - look_bytes : 0, manifest_001);
}

VerificationReport verify_file(const File& file, const VerificationOptions& options,
                               const Context& context) {
    if (!shows_package(file)) {
        if (auto report = verify_bag_archive(file, options, context)) return std::move(*report);
    }
    return verify_package(file, options, context);
}

}  // namespace

VerificationReport verify_target(const fs::path& target, const VerificationOptions& options,
                                 const Context& context) {
    if (!path_exists(target)) {
        throw Error(ErrorKind::not_found, "no such file or folder: " + target.native());
    }
    if (!is_folder(target)) return verify_file(File::open_read(target), options, context);
    if (path_exists(target / "custody.db")) return verify_case(target, options, context);
    if (path_exists(target / "offer.json")) return verify_transfer(target, options, context);
    if (auto report = verify_bag_folder(target, options, context)) return std::move(*report);
    throw Error(ErrorKind::malformed,
                "cannot tell what this is: " + target.native() +
                    " (expected a package, a case folder with custody.db, a transfer folder with "
                    "offer.json or a bag with bagit.txt)");
}

}  // namespace evidence
