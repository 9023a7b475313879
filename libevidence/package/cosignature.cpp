#include "package/cosignature.h"

#include <fmt/format.h>

#include "base/error.h"
#include "signature/key_identity.h"

namespace evidence {
namespace {

[[noreturn]] void refuse_same(const SigningIdentity& one, const char* what) {
    throw Error(ErrorKind::refused,
                fmt::format("the same {} signs twice: {} (expected another person's)", what,
                            one.certificate.subject()),
                "the two-person rule wants a key and a name of each person's own");
}

void require_different(const SigningIdentity& one, const SigningIdentity& other) {
    if (one.certificate == other.certificate) refuse_same(other, "certificate");
    if (key_identity(one.certificate) == key_identity(other.certificate)) {
        refuse_same(other, "key");
    }
    if (may_be_one_person(one.certificate, other.certificate)) refuse_same(other, "name");
}

}  // namespace

std::string cosignature_manifest(std::size_t index) {
    return fmt::format("META-INF/ASiCManifest{}.xml", first_cosignature + index);
}

std::string cosignature_name(std::size_t index) {
    return fmt::format("META-INF/signature{}.p7s", first_cosignature + index);
}

void require_cosigners(const SigningIdentity& sealer, const std::vector<SigningIdentity>& cosigners,
                       UtcTime now) {
    if (cosigners.size() > max_cosigners) {
        throw Error(ErrorKind::usage, fmt::format("too many co-signers: {} (expected at most {})",
                                                  cosigners.size(), max_cosigners));
    }
    for (std::size_t i = 0; i < cosigners.size(); ++i) {
        require_sealing_identity(cosigners[i]);
        require_valid_now(cosigners[i], now);
        require_different(sealer, cosigners[i]);
        for (std::size_t j = 0; j < i; ++j) require_different(cosigners[j], cosigners[i]);
    }
}

}  // namespace evidence
