// The certificates and revocation lists inside a signature file: exactly the signer's chain, every
// signature on it verified as far as the issuers are inside. Private to check_detached.
#pragma once

#include <optional>

#include "base/finding.h"
#include "signature/certificate.h"
#include "signature/cms_structure.h"
#include "signature/openssl_handles.h"
#include "signature/revocation_list.h"

namespace evidence {

inline constexpr std::size_t cms_max_certificates = 16;
inline constexpr std::size_t cms_max_revocation_lists = 16;

struct SignerChain {
    std::optional<Certificate> signer;  // absent: a finding says why
    std::vector<Certificate> issuers;   // in issuing order
    std::vector<RevocationList> lists;
};

// Error(crypto) for a certificate or list that cannot be read.
SignerChain check_certificates(const CmsSignedData& cms, CMS_SignerInfo* signer,
                               std::string_view where, Findings& findings);

}  // namespace evidence
