// Co-signatures: further persons sign what the sealer signs (two-person rule). Each has a list of
// its own, META-INF/ASiCManifest101.xml and on, equal to 001 but for the signature it names, and
// package.json announces them, so that none can be taken away (evidence-package(5)).
//
// Thread rule: plain functions and values.
#pragma once

#include <string>
#include <vector>

#include "base/utc_time.h"
#include "signature/identity.h"

namespace evidence {

inline constexpr unsigned first_cosignature = 101;
inline constexpr std::size_t max_cosigners = 99;

// Names of the list and the signature of co-signer `index`, from 0.
std::string cosignature_manifest(std::size_t index);  // "META-INF/ASiCManifest101.xml"
std::string cosignature_name(std::size_t index);      // "META-INF/signature101.p7s"

// Error(crypto) unless each may sign packages and is valid at `now`; Error(refused) when a
// certificate or a key comes twice, the sealer's included: one person is not two. Error(usage) for
// more than max_cosigners.
void require_cosigners(const SigningIdentity& sealer, const std::vector<SigningIdentity>& cosigners,
                       UtcTime now);

}  // namespace evidence
