#include "digest/audit.h"

#include <doctest/doctest.h>

#include <map>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "list_text.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Content = std::vector<std::pair<std::string, std::string>>;  // name, what is in it

struct Fixture {
    TestContext context;
    std::vector<std::string> said;
    std::size_t problems = 0;

    AuditSummary audit(const std::string& list, const Content& files) {
        said.clear();
        ListText text(list);
        Audit audit(
            context, text.reader(),
            [this](const AuditedFile& file) {
                said.push_back(std::string(file.name) + " " + std::string(name_of(file.answer)) +
                               (file.listed_as.empty() ? "" : " " + std::string(file.listed_as)));
            },
            [this](const ListProblem&) { ++problems; });
        for (const auto& [name, content] : files) {
            FileDigests digests;
            digests.size_bytes = content.size();
            for (const Algorithm algorithm : all_algorithms) {
                if (!audit.algorithms().contains(algorithm)) continue;
                Hasher hasher(algorithm);
                hasher.update(as_bytes(content));
                hasher.finish(digests.place_of(algorithm));
            }
            audit.take({name, {}, FileOutcome::hashed, 0, digests});
        }
        return audit.finish();
    }
    static std::string list_of(const Content& files) {
        std::string list;
        for (const auto& [name, content] : files) list += sha256_hex(content) + "  " + name + "\n";
        return list;
    }
};

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("the five answers") {
    Fixture fixture;
    const AuditSummary summary =
        fixture.audit(Fixture::list_of({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}),
                      {{"a", "1"}, {"b", "changed"}, {"moved", "3"}, {"more", "5"}});
    CHECK(fixture.said == Said{"a matched", "b changed", "moved moved c", "more new", "d missing"});
    CHECK(summary.matched == 1);
    CHECK(summary.changed == 1);
    CHECK(summary.moved == 1);
    CHECK(summary.added == 1);
    CHECK(summary.missing == 1);
    CHECK_FALSE(summary.holds());
}

TEST_CASE("the same tree holds, with or without ./ in front") {
    Fixture fixture;
    const Content files = {{"./a", "1"}, {"b/c", "1"}};
    CHECK(fixture.audit(Fixture::list_of({{"a", "1"}, {"./b/c", "1"}}), files).holds());
}

TEST_CASE("copies: each listed file is somebody's origin before any is used twice") {
    Fixture fixture;
    fixture.audit(Fixture::list_of({{"a", "1"}, {"b", "1"}}), {{"x", "1"}, {"y", "1"}, {"z", "1"}});
    CHECK(fixture.said == Said{"x moved a", "y moved b", "z moved a"});
}

TEST_CASE("a name that is listed with two contents is changed, whichever it has") {
    Fixture fixture;
    const std::string list = Fixture::list_of({{"a", "1"}, {"b", "3"}, {"./a", "2"}});
    CHECK(fixture.audit(list, {{"a", "2"}, {"b", "3"}}).changed == 1);
    CHECK(fixture.audit(list, {{"x", "2"}, {"b", "3"}}).added == 1);  // and is nobody's origin
    CHECK(fixture.said == Said{"x new", "b matched", "a missing"});
}

TEST_CASE("lines of several algorithms, side by side or not, are about one file") {
    Fixture fixture;
    const std::string md5_of_1 = "c4ca4238a0b923820dcc509a6f75849b";
    const std::string mixed = "MD5 (a) = " + md5_of_1 + "\nSHA256 (b) = " + sha256_hex("2") +
                              "\nSHA256 (a) = " + sha256_hex("1") + "\n";
    CHECK(fixture.audit(mixed, {{"a", "1"}, {"b", "2"}}).holds());
    fixture.audit(mixed, {{"c", "1"}, {"b", "2"}});
    CHECK(fixture.said == Said{"c moved a", "b matched"});
    fixture.audit(mixed, {{"b", "2"}});
    CHECK(fixture.said == Said{"b matched", "a missing"});
    const std::string contradictory =
        "MD5 (a) = " + md5_of_1 + "\nSHA256 (a) = " + sha256_hex("other") + "\n";
    CHECK(fixture.audit(contradictory, {{"a", "1"}}).changed == 1);
    CHECK(fixture.problems == 0);
}

TEST_CASE("of several digests in one entry the strongest counts, and the size") {
    Fixture fixture;
    const std::string heading = "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n";
    const std::string digests = std::string(32, '0') + "," + sha256_hex("1");
    CHECK(fixture.audit(heading + "1," + digests + ",a\n", {{"a", "1"}}).holds());
    CHECK(fixture.audit(heading + "2," + digests + ",a\n", {{"a", "1"}}).changed == 1);
    CHECK(fixture.audit(heading + "2," + digests + ",a\n", {{"b", "1"}}).added == 1);
}

TEST_CASE("what could not be read is not missing") {
    TestContext context;
    ListText text(Fixture::list_of({{"a", "1"}, {"b", "2"}}));
    std::vector<std::string> said;
    Audit audit(
        context, text.reader(), [&said](const AuditedFile& file) { said.emplace_back(file.name); },
        [](const ListProblem&) {});
    audit.take_unreadable("./a");
    CHECK(audit.finish().missing == 1);
    CHECK(said == Said{"b"});
}

TEST_CASE("many files of one content, under other names") {
    Fixture fixture;
    Content files, renamed;
    for (int i = 0; i < 20'000; ++i) {
        files.emplace_back("f" + std::to_string(i), "");
        renamed.emplace_back("g" + std::to_string(i), "");
    }
    const AuditSummary summary = fixture.audit(Fixture::list_of(files), renamed);
    CHECK(summary.moved == 20'000);
    CHECK(summary.missing == 0);
    CHECK(fixture.said.back() == "g19999 moved f19999");
}

TEST_CASE("a list without files is refused") {
    Fixture fixture;
    CHECK_THROWS_AS(fixture.audit("# nothing\n", {}), Error);
}

TEST_CASE("many files, in any order") {
    Fixture fixture;
    Content files;
    for (int i = 0; i < 3000; ++i)
        files.emplace_back("f" + std::to_string(i), std::to_string(i / 2));
    const std::string list = Fixture::list_of(files);
    std::reverse(files.begin(), files.end());
    CHECK(fixture.audit(list, files).matched == 3000);
}
