#include "package/package_file.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("what is written in any cut is what the file holds") {
    TemporaryFolder folder;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096},
                                   std::size_t{mib}, std::size_t{3 * mib + 17}}) {
        CAPTURE(size);
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7 >> 3);
        const fs::path path = folder / ("file" + std::to_string(size));
        PackageFile file(path);
        std::size_t step = 1;
        for (std::size_t done = 0; done < size;) {
            const std::size_t count = std::min(step, size - done);
            file.write(as_bytes(content).subspan(done, count));
            done += count;
            step = step * 3 + 1;
        }
        CHECK_FALSE(fs::exists(path));
        file.commit();
        CHECK(read_small_file(path, 4 * mib) == content);
    }
}

TEST_CASE("a package that is not finished leaves nothing") {
    TemporaryFolder folder;
    {
        PackageFile file(folder / "package");
        file.write(Bytes(2 * mib));
    }
    CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("an existing package is never replaced") {
    TemporaryFolder folder;
    write_new_file(folder / "package", as_bytes("old"));
    CHECK_THROWS_AS(PackageFile(folder / "package"), Error);
    CHECK(read_small_file(folder / "package", 10) == "old");
}
