// Private to the room: manifest_check.cpp asks for it.
//
// Thread rule: plain functions and values.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "digest/algorithm.h"
#include "verification/package_check.h"

namespace evidence {

// In which algorithm an archive manifest lists; SHA-256 unless it says otherwise.
Algorithm archive_algorithm(const PackageCheck& check, const MetaInfPair& pair);

class ArchiveManifestCheck {
public:
    explicit ArchiveManifestCheck(PackageCheck& check) : check_(check) {}

    // Whether the manifest of `pair` lists, by `algorithm`, exactly what stands before it.
    void run(const MetaInfPair& pair, Algorithm algorithm);

private:
    const Bytes& digest(const ZipEntry& entry, Algorithm algorithm);

    PackageCheck& check_;
    // One read each, however many manifests list it.
    std::map<std::pair<Algorithm, std::string>, Bytes> digests_;
};

}  // namespace evidence
