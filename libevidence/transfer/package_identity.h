// What statements say about the inside of a package: enough to bind it, nothing to read in it.
#pragma once

#include <string>

#include "base/file.h"
#include "base/finding.h"

namespace evidence {

struct PackageIdentity {
    std::string manifest_sha256;  // of META-INF/ASiCManifest001.xml: what identifies a package
    std::string terms_sha256;     // of terms.json: the conditions that bind a receiver
};

// Each digest is empty when its entry is not there or too large; what is wrong with the structure
// is added to `findings`.
PackageIdentity identify_package(const File& package, Findings& findings);

}  // namespace evidence
