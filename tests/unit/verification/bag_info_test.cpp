#include "verification/bag_info.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/atomic_file.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Elements = std::vector<std::pair<std::string, std::string>>;

struct Read {
    Elements elements;
    Findings findings;
};

Read read(std::string_view text, BagVersion version) {
    TemporaryFolder folder;
    write_new_file(folder / "bag-info.txt", as_bytes(text));
    const File file = File::open_read(folder / "bag-info.txt");
    TagLines lines(file, TagEncoding::utf8);
    Read result;
    read_bag_info(lines, bag_info_name, version, result.findings,
                  [&](std::string_view label, std::string_view value) {
                      result.elements.emplace_back(label, value);
                  });
    return result;
}

constexpr BagVersion v097{0, 97}, v100{1, 0};

}  // namespace

TEST_CASE("elements come in their order, repeated ones too, continued lines joined") {
    const Read done = read("A: 1\nB: two\n  and\n\tmore\nA: 3\n", v100);
    CHECK(done.elements == Elements{{"A", "1"}, {"B", "two and more"}, {"A", "3"}});
    CHECK(done.findings.all().empty());
}

TEST_CASE("white space around a colon is free before 1.0 and fixed since") {
    for (const char* text : {"A : 1\n", "A:1\n"}) {
        CAPTURE(text);
        CHECK(read(text, v097).elements == Elements{{"A", "1"}});
        CHECK(read(text, v097).findings.all().empty());
        CHECK(read(text, v100).findings.has("bag.malformed-tag-file"));
    }
    CHECK(read("A:\n", v100).findings.all().empty());
}

TEST_CASE("a line that is no element is named, and the next one read") {
    const Read done = read("  on\nno colon\n: no label\nA: 1\n", v097);
    CHECK(done.elements == Elements{{"A", "1"}});
    REQUIRE(done.findings.all().size() == 3);
    CHECK(done.findings.all()[0].where == "bag-info.txt:1");
    CHECK(done.findings.all()[2].where == "bag-info.txt:3");
}

TEST_CASE("a value is kept to a limit") {
    std::string text = "A: x\n";
    for (int i = 0; i < 3000; ++i) text += " " + std::string(70, 'y') + "\n";
    const Read done = read(text, v100);
    REQUIRE(done.elements.size() == 1);
    CHECK(done.elements[0].second.size() <= bag_info_value_max_bytes);
}

TEST_CASE("an octet sum is two numbers and a point") {
    CHECK(parse_oxum("265.2") == PayloadOxum{265, 2});
    CHECK(parse_oxum("18446744073709551615.0") == PayloadOxum{UINT64_MAX, 0});
    for (const char* text : {"", ".", "1", "1.", ".1", "1.2.3", "-1.2", "1. 2", "1,2",
                             "18446744073709551616.1", "0x1.2"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_oxum(text));
    }
    CHECK(is_oxum_label("payload-OXUM"));
    CHECK_FALSE(is_oxum_label("Payload-Oxum2"));
}
