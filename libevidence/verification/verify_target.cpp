#include "verification/verify_target.h"

#include "base/error.h"
#include "base/folder.h"

namespace evidence {

VerificationReport verify_target(const fs::path& target, const VerificationOptions& options,
                                 const Context& context) {
    if (!path_exists(target)) {
        throw Error(ErrorKind::not_found, "no such file or folder: " + target.native());
    }
    if (is_statement(target)) return verify_statement(target, options, context);
    if (!is_folder(target)) return verify_package(target, options, context);
    if (path_exists(target / "custody.db")) return verify_case(target, options, context);
    if (path_exists(target / "offer.json")) return verify_transfer(target, options, context);
    throw Error(ErrorKind::malformed, "cannot tell what this is: " + target.native() +
                                          " (expected a package, a case folder with custody.db or "
                                          "a transfer folder with offer.json)");
}

}  // namespace evidence
