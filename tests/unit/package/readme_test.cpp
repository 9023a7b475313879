#include "package/readme.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sample.h"

using namespace evidence;
using namespace evidence::test;

namespace {

PackageDocument document() {
    return parse_package_document(Sample().entry("package.json"), "package.json");
}

}  // namespace

TEST_CASE("the readme names the package, its signer and what it holds") {
    const std::string text = readme_txt(document());
    CHECK(text.find("0192c0de-0000-4000-8000-000000000001") != std::string::npos);
    CHECK(text.find("Sample Investigator, Sample Authority") != std::string::npos);
    CHECK(text.find("openssl cms -verify -cades") != std::string::npos);
    CHECK(text.find("{{") == std::string::npos);
}

TEST_CASE("the readme expects time-stamps exactly when the package may have some") {
    PackageDocument plain = document();
    plain.timestamp = TimestampPolicy::none;
    CHECK(readme_txt(plain).find("timestamp[0-9]") == std::string::npos);
    CHECK(readme_txt(plain).find("openssl ts") == std::string::npos);
    CHECK(readme_txt(plain).find("only the signer's word") != std::string::npos);
    CHECK(readme_txt(document()).find("timestamp[0-9]") != std::string::npos);
}

TEST_CASE("a hostile name cannot act on the terminal of who reads the readme") {
    PackageDocument hostile = document();
    hostile.sealed_by.name = "x\x1b[2J\nForged: line";
    const std::string text = readme_txt(hostile);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\nForged") == std::string::npos);
}

TEST_CASE("nothing but commands is indented by four spaces") {
    const std::string text = readme_txt(document());
    const std::size_t first = text.find("\n    ");
    CHECK(text.substr(first, 17) == "\n    (\n    anchor");
}

TEST_CASE("lines of the readme fit a terminal") {
    const std::string text = readme_txt(document());
    for (std::size_t start = 0; start < text.size(); start = text.find('\n', start) + 1) {
        CHECK(text.find('\n', start) - start <= 100);
    }
}

TEST_CASE("the readme names the files of an Expert Witness set as they are, or none") {
    CHECK(readme_txt(document()).find("Expert Witness") == std::string::npos);
    std::vector<std::string> set = {"data/000002.E01", "data/000003.E02"};
    CHECK(readme_txt(document(), set)
              .find("    ln data/000002.E01 ../disk.E01\n"
                    "    ln data/000003.E02 ../disk.E02\n\n\nTHE CUSTODY") != std::string::npos);
    for (int i = 3; i < 8; ++i) set.push_back(fmt::format("data/00000{}.E0{}", i + 1, i));
    const std::string text = readme_txt(document(), set);
    CHECK(text.find("\nand so on, up to data/000008.E07.\n") != std::string::npos);
    CHECK(text.find("ln data/000008") == std::string::npos);
}

TEST_CASE("the readme compares by the algorithm that each line names") {
    CHECK(readme_txt(document()).find("openssl dgst -\"${a##*#}\"") != std::string::npos);
}
