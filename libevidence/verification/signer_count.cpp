// How many signed a package, for the two-person rule: whoever asks for two signers wants two
// people, so certificates that share a key or a name count once.
#include "signature/key_identity.h"
#include "verification/package_check.h"

namespace evidence {

void check_signer_count(const PackageCheck& check) {
    const unsigned wanted = check.options.required.signers;
    if (wanted == 0) return;
    const std::size_t found = count_people(check.signers);
    if (found >= wanted) return;
    check.findings().add(
        "signature.too-few-signers", Layer::signature, Weight::indeterminate,
        "signed by " + std::to_string(found) + (found == 1 ? " person" : " people") +
            " whose signature and identity hold (expected " + std::to_string(wanted) + ")",
        "META-INF");
}

}  // namespace evidence
