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
            Hasher hasher(audit.algorithm());
            hasher.update(as_bytes(content));
            hasher.finish(digests.place_of(audit.algorithm()));
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

TEST_CASE("a name that is listed twice matches either content") {
    Fixture fixture;
    const std::string list = Fixture::list_of({{"a", "1"}, {"b", "3"}, {"a", "2"}});
    CHECK(fixture.audit(list, {{"a", "2"}, {"b", "3"}}).holds());
    CHECK(fixture.audit(list, {{"a", "3"}, {"b", "3"}}).changed == 1);
}

TEST_CASE("lines of one name are one file, and the strongest algorithm counts") {
    Fixture fixture;
    const std::string list =
        "MD5 (a) = c4ca4238a0b923820dcc509a6f75849b\nSHA256 (a) = " + sha256_hex("other") + "\n";
    CHECK(fixture.audit(list, {{"a", "1"}}).changed == 1);  // "1" has that MD5
    CHECK(fixture.problems == 0);
    fixture.audit(list + "MD5 (b) = c4ca4238a0b923820dcc509a6f75849b\n", {});
    CHECK(fixture.problems == 1);
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
