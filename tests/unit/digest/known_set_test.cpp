#include "digest/known_set.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Fixture {
    TestContext context;
    TemporaryFolder folder;
    std::size_t problems = 0;

    fs::path list(const std::string& text) {
        const fs::path path = folder / "list";
        fs::remove(path);
        write_new_file(path, as_bytes(text));
        return path;
    }
    KnownSet open(std::optional<Algorithm> wanted = {}) {
        return KnownSet::open(folder / "list", folder / "index", wanted, context,
                              [this](const ListProblem&) { ++problems; });
    }
};

Bytes digest_of(std::string_view text) {
    const Sha256 digest = sha256(std::string(text));
    return {digest.begin(), digest.end()};
}

}  // namespace

TEST_CASE("a set is made once and found after that, until its list changes") {
    Fixture fixture;
    fixture.list(sha256_hex("a") + "  a\n" + sha256_hex("b") + "\nno digest\n");
    KnownSet set = fixture.open();
    CHECK(set.was_made());
    CHECK(set.size() == 2);
    CHECK(set.algorithm() == Algorithm::sha256);
    CHECK(fixture.problems == 1);
    CHECK(set.contains(digest_of("a")));
    CHECK(set.contains(digest_of("b")));
    CHECK_FALSE(set.contains(digest_of("c")));
    CHECK_FALSE(fixture.open().was_made());
    fixture.list(sha256_hex("c") + "  c\n");
    CHECK(fixture.open().was_made());
    CHECK(fixture.open().contains(digest_of("c")));
    CHECK_FALSE(fixture.open().contains(digest_of("a")));
}

TEST_CASE("another file in the index's place is kept") {
    Fixture fixture;
    fixture.list(sha256_hex("a") + "\n");
    write_new_file(fixture.folder / "index", as_bytes(std::string_view("something else")));
    CHECK_THROWS_AS(fixture.open(), Error);
    CHECK(read_small_file(fixture.folder / "index", 100) == "something else");
}

TEST_CASE("a cut index is not read") {
    Fixture fixture;
    fixture.list(sha256_hex("a") + "\n");
    fixture.open();
    fs::resize_file(fixture.folder / "index", KnownSet::header_bytes + 1);
    CHECK_THROWS_AS(fixture.open(), Error);
}

TEST_CASE("no digest by what is wanted") {
    Fixture fixture;
    fixture.list(sha256_hex("a") + "\n");
    CHECK_THROWS_AS(fixture.open(Algorithm::md5), Error);
}
