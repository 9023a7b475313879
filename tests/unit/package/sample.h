// The sample package tests/vectors/sample-v1.asice, made by an independent program.
#pragma once

#include <doctest/doctest.h>

#include "package/zip_reader.h"

namespace evidence::test {

inline fs::path sample_path() { return fs::path(EVIDENCE_TESTS_DIR) / "vectors/sample-v1.asice"; }

class Sample {
public:
    Sample() : file_(File::open_read(sample_path())), zip_(read_zip_structure(file_, findings_)) {}

    const File& file() const { return file_; }
    const ZipStructure& zip() const { return zip_; }
    const Findings& findings() const { return findings_; }

    std::string entry(std::string_view name) const {
        const ZipEntry* found = zip_.find(name);
        REQUIRE(found != nullptr);
        return read_entry(file_, *found, 16 * mib);
    }

private:
    File file_;
    Findings findings_;
    ZipStructure zip_;
};

}  // namespace evidence::test
