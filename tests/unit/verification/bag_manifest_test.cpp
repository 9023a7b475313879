#include "verification/bag_manifest.h"

#include <doctest/doctest.h>

#include "base/hex.h"

using namespace evidence;

namespace {

ManifestLine line(std::string_view text, std::size_t digest_bytes = 2) {
    const auto parsed = parse_manifest_line(text, digest_bytes);
    REQUIRE(std::holds_alternative<ManifestLine>(parsed));
    return std::get<ManifestLine>(parsed);
}

bool is_refused(std::string_view text) {
    return std::holds_alternative<ManifestLineProblem>(parse_manifest_line(text, 2));
}

}  // namespace

TEST_CASE("the name of a manifest says what it is about and by which algorithm") {
    const auto payload = parse_manifest_name("manifest-sha256.txt");
    REQUIRE(payload);
    CHECK(payload->kind == ManifestKind::payload);
    CHECK(payload->algorithm == "sha256");
    CHECK(payload->is_normalised);
    CHECK(parse_manifest_name("tagmanifest-md5.txt")->kind == ManifestKind::tags);
    CHECK(parse_manifest_name("manifest-SHA-256.txt")->algorithm == "sha256");
    CHECK_FALSE(parse_manifest_name("manifest-SHA-256.txt")->is_normalised);
    for (const char* name : {"manifest.txt", "manifest-.txt", "manifest-md5", "xmanifest-md5.txt",
                             "manifest-md5.txt~", "Manifest-md5.txt"}) {
        CAPTURE(name);
        CHECK_FALSE(parse_manifest_name(name));
    }
}

TEST_CASE("digest and path stand apart by any white space") {
    for (const char* text : {"00fF data/a b", "00ff  data/a b", "00FF\tdata/a b"}) {
        CAPTURE(text);
        CHECK(to_hex(line(text).digest) == "00ff");
        CHECK(line(text).path == "data/a b");
        CHECK_FALSE(line(text).is_md5sum_form);
    }
    CHECK(line("00ff data/a ").path == "data/a ");  // part of the name
}

TEST_CASE("the forms of md5sum are understood and told apart") {
    CHECK(line("00ff *data/a").path == "data/a");
    CHECK(line("00ff *data/a").is_md5sum_form);
    CHECK(line("\\00ff  data/a\\\\b\\nc").path == "data/a\\b\nc");
    CHECK(line("\\00ff  data/a\\\\b").is_md5sum_form);
    CHECK(line("00ff  data/a\\\\b").path == "data/a\\\\b");
}

TEST_CASE("a line that is not digest and path is refused") {
    for (const char* text : {"data/a", "00ff", "00ff ", "00ffdata/a", "00f data/a", "00fg data/a",
                             "00ff00 data/a", " 00ff data/a", "\\", "* data/a"}) {
        CAPTURE(text);
        CHECK(is_refused(text));
    }
}

TEST_CASE("without a known algorithm a digest may have any length but none") {
    CHECK(std::get<ManifestLine>(parse_manifest_line("0011223344 data/a", std::nullopt)).path ==
          "data/a");
    CHECK(
        std::holds_alternative<ManifestLineProblem>(parse_manifest_line(" data/a", std::nullopt)));
}
