#include "verification/extraction_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "digest/digest.h"
#include "test_context.h"

using namespace evidence;
using test::TemporaryFolder;
using test::TestContext;

namespace {

struct Fixture {
    TestContext context;
    TemporaryFolder outside;
    fs::path target = outside / "out";

    static std::string put(ExtractionFolder& folder, std::string_view path,
                           std::string_view text = "x") {
        File file;
        const Placement placed = folder.create_file(path, file);
        if (!placed.is_there()) return "refused: " + placed.refusal;
        file.write(as_bytes(text));
        return placed.path;
    }
    std::size_t files_outside() const {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(outside.path())) {
            static_cast<void>(entry);
            ++count;
        }
        return count;
    }
};

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777u;
}

}  // namespace

TEST_CASE("no name leads out of the folder") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    const std::string too_deep = [] {
        std::string path;
        for (std::size_t i = 0; i <= ExtractionFolder::max_depth; ++i) path += "d/";
        return path + "f";
    }();
    for (const std::string& name :
         {std::string("../f"), std::string("a/../../f"), std::string("/etc/f"), std::string("a//f"),
          std::string("."), std::string(".."), std::string(""), std::string("a/."),
          std::string("a/"), std::string("a\0b", 3), too_deep}) {
        CAPTURE(name);
        CHECK(Fixture::put(folder, name).starts_with("refused: "));
        CHECK_FALSE(folder.create_folder(name).is_there());
        CHECK_FALSE(folder.link("a", name).is_there());
        CHECK_FALSE(folder.link(name, "a").is_there());
    }
    folder.commit();
    CHECK(fs::is_empty(test.target));
    CHECK(test.files_outside() == 1);
}

TEST_CASE("a link that somebody put there is never followed") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    const fs::path victim = test.outside / "victim";
    fs::create_directory(victim);
    fs::create_directory_symlink(victim, folder.temporary_path() / "link");
    fs::create_symlink(victim / "new", folder.temporary_path() / "dangling");
    CHECK(Fixture::put(folder, "link/f").starts_with("refused: "));
    CHECK(Fixture::put(folder, "dangling") == "refused: name is taken");
    CHECK_FALSE(folder.create_folder("link/sub").is_there());
    CHECK_FALSE(folder.link("link", "copy").is_there());
    folder.finish_folder("link", 0777, std::nullopt);
    CHECK(fs::is_empty(victim));
    CHECK(mode_of(victim) != 0777);
}

TEST_CASE("nothing is replaced") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    CHECK(Fixture::put(folder, "a", "first") == "a");
    CHECK(Fixture::put(folder, "a", "second") == "refused: name is taken");
    CHECK(Fixture::put(folder, "a/b") == "refused: a folder above it is something else");
    CHECK_FALSE(folder.create_folder("a").is_there());
    CHECK(Fixture::put(folder, "d/f") == "d/f");
    CHECK(Fixture::put(folder, "d") == "refused: name is taken");
    CHECK(folder.create_folder("d").is_there());
    CHECK_FALSE(folder.link("d/f", "a").is_there());
    CHECK(folder.link("a", "d/a").path == "d/a");
    CHECK_FALSE(folder.link("d", "e").is_there());
    CHECK_FALSE(folder.link("absent", "e").is_there());
    CHECK_FALSE(folder.link("absent/f", "e").is_there());
    folder.commit();
    CHECK(read_small_file(test.target / "d/a", 100) == "first");
}

TEST_CASE("a name that the file system does not take gets another one, always the same") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    const std::string longest(255, 'n'), longer(256, 'n');
    const std::string other = "renamed-" + sha256_hex(longer).substr(0, 32);
    CHECK(Fixture::put(folder, longest) == longest);
    CHECK(Fixture::put(folder, longer) == other);
    CHECK(Fixture::put(folder, "d/" + longer + "/f") == "d/" + other + "/f");
    CHECK(Fixture::put(folder, "d/" + longer + "/g") == "d/" + other + "/g");
    CHECK(Fixture::put(folder, longer) == "refused: name is taken");
    CHECK(folder.link(longer, "copy").path == "copy");
    CHECK(Fixture::put(folder, "odd\xff\n\x1b[31m") == "odd\xff\n\x1b[31m");
    folder.finish_folder("d/" + longer, 0750, FileTime{1, 5});
    folder.commit();
    CHECK(mode_of(test.target / "d" / other) == 0750);
}

TEST_CASE("rights to write and to become somebody else are not given") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    File file;
    REQUIRE(folder.create_file("d/f", file).is_there());
    ExtractionFolder::finish_file(file, 07777, FileTime{-5, 999'999'999});
    REQUIRE(folder.create_file("d/none", file).is_there());
    ExtractionFolder::finish_file(file, 0, std::nullopt);
    folder.finish_folder("d", 01777, FileTime{981'173'106, 0});
    folder.commit();
    CHECK(mode_of(test.target / "d/f") == 0755);
    CHECK(mode_of(test.target / "d/none") == 0400);
    CHECK(mode_of(test.target / "d") == 0755);
    struct stat status {};
    REQUIRE(::stat((test.target / "d/f").c_str(), &status) == 0);
    CHECK(status.st_mtim.tv_sec == -5);
    CHECK(status.st_mtim.tv_nsec == 999'999'999);
    REQUIRE(::stat((test.target / "d").c_str(), &status) == 0);
    CHECK(status.st_mtim.tv_sec == 981'173'106);
}

TEST_CASE("the target is new or an empty folder, and a failure leaves nothing") {
    Fixture test;
    CHECK_THROWS_AS(ExtractionFolder(test.outside / "absent/out", test.context.random), Error);
    {
        ExtractionFolder folder(test.target, test.context.random);
        CHECK(Fixture::put(folder, "a/b/c") == "a/b/c");
    }
    CHECK(test.files_outside() == 0);
    fs::create_directory(test.target);
    {
        ExtractionFolder folder(test.target, test.context.random);
        CHECK(Fixture::put(folder, "f") == "f");
        folder.commit();
    }
    CHECK(fs::exists(test.target / "f"));
    CHECK_THROWS_AS(ExtractionFolder(test.target, test.context.random), Error);
    CHECK_THROWS_AS(ExtractionFolder(test.target / "", test.context.random), Error);
    fs::create_directory_symlink(test.outside / "elsewhere", test.outside / "link");
    CHECK_THROWS_AS(ExtractionFolder(test.outside / "link", test.context.random), Error);
}

TEST_CASE("somebody who takes the name meanwhile keeps it") {
    Fixture test;
    ExtractionFolder folder(test.target, test.context.random);
    fs::create_directory(test.target);
    write_new_file(test.target / "theirs", as_bytes("x"));
    CHECK_THROWS_AS(folder.commit(), Error);
    CHECK(fs::exists(test.target / "theirs"));
}
