#include "digest/hash_check.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "digest/digest.h"
#include "test_context.h"

using namespace evidence;

namespace {

struct Fixture {
    test::TestContext context;
    test::TemporaryFolder folder;
    std::vector<std::string> files, improper;
    bool list_is_stdin = false;

    HashCheckSummary check(const std::string& list) {
        LineReader lines(
            [&list, at = std::size_t{0}](MutableByteView buffer) mutable {
                const std::size_t count = std::min(buffer.size(), list.size() - at);
                std::copy_n(as_bytes(list).begin() + static_cast<std::ptrdiff_t>(at), count,
                            buffer.begin());
                at += count;
                return count;
            },
            "list", hash_list_max_line_bytes);
        ListReader reader(lines, {std::nullopt, {Algorithm::sha256}, false});
        return check_hash_list(
            context, reader, {2, list_is_stdin},
            {[this](const CheckedFile& file) {
                 files.push_back(fs::path(file.name).filename().native() + " " +
                                 std::string(name_of(file.result)));
             },
             [this](std::string_view number, std::string_view) { improper.emplace_back(number); }});
    }
    std::string line(const std::string& name, const std::string& digest) {
        return digest + "  " + (folder / name).native() + "\n";
    }
};

}  // namespace

TEST_CASE("each line of a list is answered, in its order") {
    Fixture fixture;
    for (const char* name : {"good", "bad"}) {
        write_new_file(fixture.folder / name, as_bytes(std::string_view(name)));
    }
    const std::string list =
        fixture.line("good", sha256_hex("good")) + "no checksum line\n" +
        fixture.line("bad", sha256_hex("good")) + fixture.line("absent", sha256_hex("")) + "MD5 (" +
        (fixture.folder / "good").native() + ") = 755f85c2723bb39381c7379a604160d8\n";
    const HashCheckSummary summary = fixture.check(list);
    CHECK(fixture.files == std::vector<std::string>{"good matches", "bad differs", "absent missing",
                                                    "good matches"});
    CHECK(fixture.improper == std::vector<std::string>{"2"});
    CHECK(summary.matching == 2);
    CHECK(summary.differing == 1);
    CHECK(summary.missing == 1);
    CHECK(summary.improper_lines == 1);
    CHECK(summary.proper_lines() == 4);
}

TEST_CASE("an empty list checks nothing, and says so by its summary") {
    Fixture fixture;
    const HashCheckSummary summary = fixture.check("");
    CHECK(summary.proper_lines() == 0);
    CHECK(summary.improper_lines == 0);
}

TEST_CASE("a line longer than any name may be ends the check") {
    Fixture fixture;
    CHECK_THROWS_AS(fixture.check(std::string(hash_list_max_line_bytes + 1, 'a')), Error);
}

TEST_CASE("the size in the list counts too") {
    Fixture fixture;
    write_new_file(fixture.folder / "a", as_bytes(std::string_view("1")));
    const std::string end = "," + sha256_hex("1") + "," + (fixture.folder / "a").native() + "\n";
    const std::string heading = "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n";
    CHECK(fixture.check(heading + "1" + end).matching == 1);
    CHECK(fixture.check(heading + "2" + end).differing == 1);
    CHECK(fixture.check(heading + "2,," + end).improper_lines == 1);
}

TEST_CASE("a list from standard input cannot name it") {
    Fixture fixture;
    fixture.list_is_stdin = true;
    const HashCheckSummary summary =
        fixture.check(sha256_hex("") + "  -\n" + fixture.line("absent", sha256_hex("")));
    CHECK(fixture.improper == std::vector<std::string>{"1"});
    CHECK(summary.missing == 1);
}
