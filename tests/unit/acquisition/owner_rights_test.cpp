#include "acquisition/owner_rights.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

constexpr uid_t officer = 12345;

void make_roots_secret(const fs::path& path) {
    File file = File::create_new(path);
    file.write(as_bytes(std::string_view("secret")));
    file.close();
}

}  // namespace

TEST_CASE("root acting for an officer reads anything, until reading ends") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root has rights to give up");
        return;
    }
    TemporaryFolder roots, officers;
    make_roots_secret(roots / "secret");
    REQUIRE(::chown(officers.path().c_str(), officer, officer) == 0);
    {
        OwnerRights rights(officers.path());
        CHECK(::geteuid() == officer);
        CHECK_NOTHROW(File::open_read(roots / "secret"));
        CHECK_THROWS_AS(File::create_new(roots / "new"), Error);
        rights.end_reading();
        CHECK_THROWS_AS(File::open_read(roots / "secret"), Error);
        CHECK_NOTHROW(File::create_new(officers / "new"));
    }
    CHECK(::geteuid() == 0);
    CHECK_NOTHROW(File::create_new(roots / "new"));
}
