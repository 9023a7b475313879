#include "verification/bag_declaration.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

constexpr std::string_view utf8_line = "Tag-File-Character-Encoding: UTF-8\n";

Verdict verdict_on(const std::string& text) {
    Findings findings;
    parse_bag_declaration(text, findings);
    return findings.verdict();
}

std::string with_version(std::string_view line) {
    return std::string(line) + "\n" + std::string(utf8_line);
}

}  // namespace

TEST_CASE("a declaration says version and encoding") {
    Findings findings;
    const BagDeclaration declaration = parse_bag_declaration(
        "BagIt-Version: 0.96\r\nTag-File-Character-Encoding: ISO-8859-1\r\n", findings);
    CHECK(findings.all().empty());
    CHECK(declaration.version == BagVersion{0, 96});
    CHECK(declaration.encoding == TagEncoding::iso_8859_1);
    CHECK(declaration.encoding_name == "ISO-8859-1");
}

TEST_CASE("every published version passes, and no other") {
    for (const char* version : {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"}) {
        CAPTURE(version);
        CHECK(verdict_on(with_version("BagIt-Version: " + std::string(version))) ==
              Verdict::total_passed);
    }
    for (const char* version :
         {"0.92", "0.98", "1", "1.00", "01.0", ".97", "1.x", "", "0.9.7", "1.0000", "-1.0"}) {
        CAPTURE(version);
        CHECK(verdict_on(with_version("BagIt-Version: " + std::string(version))) ==
              Verdict::total_failed);
    }
    CHECK(verdict_on(with_version("BagIt-Version: 1.1")) == Verdict::indeterminate);
    CHECK(verdict_on(with_version("BagIt-Version: 2.0")) == Verdict::indeterminate);
}

TEST_CASE("white space in a declaration is exactly one space behind each colon") {
    for (const char* line : {"BagIt-Version : 1.0", "BagIt-Version:1.0", "BagIt-Version:  1.0",
                             " BagIt-Version: 1.0", "BagIt-Version: 1.0 ", "BagIt-Version:\t1.0"}) {
        CAPTURE(line);
        CHECK(verdict_on(with_version(line)) == Verdict::total_failed);
    }
}

TEST_CASE("what cannot be read leaves what bags are read as without it") {
    Findings findings;
    const BagDeclaration declaration = parse_bag_declaration("\xff", findings);
    CHECK(findings.has("bag.malformed-declaration"));
    CHECK(declaration.version == BagVersion{0, 97});
    CHECK(declaration.encoding == TagEncoding::utf8);
    CHECK(declaration.version_text.empty());
}

TEST_CASE("an encoding that is not known here is no failure of the bag") {
    Findings findings;
    const BagDeclaration declaration = parse_bag_declaration(
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: Shift_JIS\n", findings);
    CHECK(findings.verdict() == Verdict::indeterminate);
    CHECK(findings.has("bag.unknown-encoding"));
    CHECK_FALSE(declaration.encoding_is_known);
}
