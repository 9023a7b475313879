#include "package/manifests.h"

#include <doctest/doctest.h>

#include "package/package_layout.h"
#include "sample.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::vector<ListedFile> listed(const Sample& sample, bool (*belongs)(std::string_view)) {
    std::vector<ListedFile> files;
    for (const ZipEntry& entry : sample.zip().entries) {
        if (belongs(entry.name)) files.push_back({entry.name, sha256(sample.entry(entry.name))});
    }
    return files;
}

std::vector<ListedFile> listed(const Sample& sample, const std::vector<std::string>& names) {
    std::vector<ListedFile> files;
    for (const std::string& name : names) files.push_back({name, sha256(sample.entry(name))});
    return files;
}

}  // namespace

TEST_CASE("the manifests of the sample package are reproduced byte for byte") {
    const Sample sample;
    CHECK(sample.entry("bagit.txt") == bagit_txt);
    CHECK(sample.entry("manifest-sha256.txt") == bag_manifest(listed(sample, is_payload)));
    CHECK(sample.entry("tagmanifest-sha256.txt") ==
          bag_manifest(listed(sample, is_in_tagmanifest)));
    CHECK(sample.entry(std::string(manifest_001)) ==
          asic_manifest(signature_001, listed(sample, is_in_manifest_001)));
    CHECK(sample.entry(std::string(manifest_002)) ==
          asic_manifest(signature_002,
                        listed(sample, {"items.checkpoint", "custody/checkpoint", "terms.json"})));
    CHECK(sample.entry("META-INF/ASiCManifest003.xml") ==
          asic_manifest("META-INF/timestamp003.tst",
                        listed(sample, {std::string(manifest_001), std::string(signature_001)})));
}

TEST_CASE("bag-info.txt of the sample package is reproduced byte for byte") {
    BagInfo info;
    info.software_agent = "evidence-seal sample";
    info.bagging_date = "2026-11-22";
    info.external_identifier = "0192c0de-0000-4000-8000-000000000001";
    info.internal_sender_identifier = "HN-2025-7";
    info.source_organization = "Sample Authority";
    info.payload_bytes = 2'260'240;
    info.payload_files = 2;
    CHECK(Sample().entry("bag-info.txt") == bag_info_txt(info));
}

TEST_CASE("bag-info.txt leaves out empty labels and keeps each value on its line") {
    BagInfo info;
    info.software_agent = "x\nExternal-Identifier: forged";
    CHECK(bag_info_txt(info) ==
          "Bag-Software-Agent: x External-Identifier: forged\nPayload-Oxum: 0.0\n");
}

TEST_CASE("labels of bag-info.txt are found, folded lines joined") {
    const std::string_view text =
        "A: one\r\n two\n\tthree\nB:second\nA: other\n Folded-Only: x\nC: \n";
    CHECK(bag_info_value(text, "A") == "one two three");
    CHECK(bag_info_value(text, "B") == "second");
    CHECK(bag_info_value(text, "C").empty());
    CHECK(bag_info_value(text, "D").empty());
    CHECK(bag_info_value(text, "Folded-Only").empty());
    CHECK(bag_info_value("", "A").empty());
}
