// How many signed a package, for the two-person rule: whoever asks for two signers wants two
// people, so neither two certificates of one key nor two keys under one name count twice.
#include <algorithm>
#include <set>

#include "signature/key_identity.h"
#include "verification/package_check.h"

namespace evidence {

void check_signer_count(const PackageCheck& check) {
    const unsigned wanted = check.options.required.signers;
    if (wanted == 0) return;
    std::set<std::string> names, keys;
    for (const Certificate& signer : check.signers) {
        names.insert(signer.subject());
        keys.insert(key_sha256(signer));
    }
    const std::size_t found = std::min(names.size(), keys.size());
    if (found >= wanted) return;
    check.findings().add(
        "signature.too-few-signers", Layer::signature, Weight::indeterminate,
        "signed by " + std::to_string(found) + (found == 1 ? " person" : " people") +
            " whose signature and identity hold (expected " + std::to_string(wanted) + ")",
        "META-INF");
}

}  // namespace evidence
