#include "verification/verify_target.h"

#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"
#include "package/zip_reader.h"
#include "verification/verify_bag.h"
#include "verification/verify_statement.h"

namespace evidence {
namespace {

// A package is a ZIP of a bag, too, but must not pass for less than it is. This is the name and the
// content of its first entry, at their place; one that has lost them still has its manifest, and
// verify_bag_archive leaves it alone.
bool shows_package(const File& file) {
    constexpr std::string_view mark = "mimetypeapplication/vnd.etsi.asic-e+zip";
    constexpr std::uint64_t mark_offset = 30;
    std::string bytes(mark.size(), '\0');
    bytes.resize(file.read_at(
        MutableByteView(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()), mark_offset));
    return bytes == mark;
}

bool looks_like_der(const File& file) {
    std::uint8_t first = 0;
    constexpr std::uint8_t sequence = 0x30;
    return file.read_at({&first, 1}, 0) == 1 && first == sequence;
}

}  // namespace

bool has_name_of_package(const fs::path& target) {
    return fold_case(target.extension().native()) == ".asice";
}

VerificationReport verify_target(const File& file, const VerificationOptions& options,
                                 const Context& context) {
    if (!shows_package(file)) {
        if (auto report = verify_bag_archive(file, options, context)) return std::move(*report);
    }
    if (!looks_like_zip(file)) {
        throw Error(ErrorKind::malformed,
                    "cannot tell what this is: " + file.name() +
                        " (expected a sealed package, or a bag in a ZIP or tar file)",
                    looks_like_der(file) ? "a signature or time-stamp is verified with the file "
                                           "that it is about: name that"
                                         : "");
    }
    return verify_package(file, options, context);
}

VerificationReport verify_target(const fs::path& target, const VerificationOptions& options,
                                 const Context& context) {
    if (!path_exists(target)) {
        throw Error(ErrorKind::not_found, "no such file or folder: " + target.native());
    }
    if (!is_folder(target)) {
        const File file = File::open_read(target);
        if (has_name_of_package(target)) return verify_package(file, options, context);
        return looks_like_statement(file) ? verify_statement(target, options, context)
                                          : verify_target(file, options, context);
    }
    if (path_exists(target / "custody.db")) return verify_case(target, options, context);
    if (path_exists(target / "offer.json")) return verify_transfer(target, options, context);
    if (auto report = verify_bag_folder(target, options, context)) return std::move(*report);
    throw Error(ErrorKind::malformed,
                "cannot tell what this is: " + target.native() +
                    " (expected a package, a case folder with custody.db, a transfer folder with "
                    "offer.json or a bag with bagit.txt)");
}

}  // namespace evidence
