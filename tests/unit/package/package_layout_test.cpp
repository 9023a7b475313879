#include "package/package_layout.h"

#include <doctest/doctest.h>

#include <string>

using namespace evidence;

namespace {

const std::string fingerprint(64, 'a');

// A package with everything the format has a place for.
std::vector<std::string> names_in_order() {
    return {"mimetype",
            "bagit.txt",
            "bag-info.txt",
            "README.txt",
            "package.json",
            "terms.json",
            "request.json",
            "data/000001.img",
            "data/000002.tar",
            "data/000003.000",
            "data/000004.001",
            "data/000005.E01",
            "data/000006.EAA",
            "data/000007.bin",
            "items.jsonl",
            "items.checkpoint",
            "pieces/000001.txt",
            "acquisition/000001.json",
            "acquisition/000001.map",
            "acquisition/000001.omitted.jsonl",
            "acquisition/000002.json",
            "custody/ledger.jsonl",
            "custody/checkpoint",
            "custody/signers/" + fingerprint + ".pem",
            "disclosure.json",
            "origin/terms.json",
            "origin/items.checkpoint",
            "origin/custody/ledger.jsonl",
            "origin/origin/terms.json",
            "origin/origin/META-INF/signature002.p7s",
            "origin/META-INF/ASiCManifest002.xml",
            "origin/META-INF/signature002.p7s",
            "origin/proofs.jsonl",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "META-INF/ASiCManifest001.xml",
            "META-INF/signature001.p7s",
            "META-INF/ASiCManifest002.xml",
            "META-INF/signature002.p7s",
            "META-INF/ASiCManifest101.xml",
            "META-INF/signature101.p7s",
            "META-INF/ASiCManifest003.xml",
            "META-INF/timestamp003.tst",
            "META-INF/ASiCManifest004.xml",
            "META-INF/timestamp004.tst",
            "META-INF/ASiCArchiveManifest005.xml",
            "META-INF/timestamp005.tst",
            "META-INF/ASiCArchiveManifest006.xml",
            "META-INF/timestamp006.tst"};
}

}  // namespace

TEST_CASE("every name of the format has a place, in the order of the format") {
    std::optional<LayoutPosition> before;
    for (const std::string& name : names_in_order()) {
        CAPTURE(name);
        const std::optional<LayoutPosition> position = layout_position(name);
        REQUIRE(position.has_value());
        if (before) CHECK(*before < *position);
        before = position;
    }
}

TEST_CASE("other names have no place") {
    for (const std::string& name :
         std::vector<std::string>{"",
                                  "Mimetype",
                                  "bagit.TXT",
                                  "data/000000.img",
                                  "data/1.img",
                                  "data/0000001.img",
                                  "data/000001.exe",
                                  "data/000001.e01",
                                  "data/000001",
                                  "data/000001.",
                                  "data/x/000001.img",
                                  "pieces/000001.img",
                                  "acquisition/000001.xml",
                                  "custody/signers/" + fingerprint,
                                  "custody/signers/" + std::string(64, 'A') + ".pem",
                                  "custody/other",
                                  "META-INF/x",
                                  "META-INF/manifest.xml",
                                  "META-INF/ASiCManifest000.xml",
                                  "META-INF/ASiCManifest005.xml",
                                  "META-INF/ASiCManifest100.xml",
                                  "META-INF/ASiCManifest200.xml",
                                  "META-INF/signature003.p7s",
                                  "META-INF/signature1.p7s",
                                  "META-INF/timestamp001.tst",
                                  "META-INF/timestamp101.tst",
                                  "META-INF/ASiCArchiveManifest004.xml",
                                  "META-INF/signature001.p7s.bak",
                                  "META-INF/signature001.tst",
                                  "origin/mimetype",
                                  "origin/data/000001.img",
                                  "origin/",
                                  "origin/x",
                                  "proofs.jsonl"}) {
        CAPTURE(name);
        CHECK_FALSE(layout_position(name).has_value());
    }
}

TEST_CASE("a package of a package of a package has at most eight levels") {
    std::string name = "terms.json";
    for (int level = 1; level <= 8; ++level) name = "origin/" + name;
    CHECK(layout_position(name).has_value());
    CHECK_FALSE(layout_position("origin/" + name).has_value());
}

TEST_CASE("each file is listed where the format lists it") {
    CHECK(is_payload("data/000001.img"));
    CHECK_FALSE(is_payload("pieces/000001.txt"));

    CHECK(is_in_manifest_001("data/000001.img"));
    CHECK(is_in_manifest_001("tagmanifest-sha256.txt"));
    CHECK(is_in_manifest_001("origin/META-INF/signature001.p7s"));
    CHECK_FALSE(is_in_manifest_001("mimetype"));
    CHECK_FALSE(is_in_manifest_001("META-INF/ASiCManifest002.xml"));

    CHECK(is_in_tagmanifest("manifest-sha256.txt"));
    CHECK(is_in_tagmanifest("custody/checkpoint"));
    CHECK_FALSE(is_in_tagmanifest("data/000001.img"));
    CHECK_FALSE(is_in_tagmanifest("tagmanifest-sha256.txt"));
    CHECK_FALSE(is_in_tagmanifest("mimetype"));
    CHECK_FALSE(is_in_tagmanifest("META-INF/signature001.p7s"));
}

TEST_CASE("object numbers have six digits from 000001") {
    CHECK(object_number(1) == "000001");
    CHECK(object_number(65535) == "065535");
    CHECK(parse_object_number("000042") == 42);
    for (const char* digits : {"000000", "00001", "0000001", "00000a", "-00001", ""}) {
        CHECK_FALSE(parse_object_number(digits).has_value());
    }
}
