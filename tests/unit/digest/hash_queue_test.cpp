#include "digest/hash_queue.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "test_context.h"

using namespace evidence;

namespace {

struct Fixture {
    test::TestContext context;
    test::TemporaryFolder folder;
    std::vector<std::string> results;

    HashQueue::Sink sink() {
        return [this](const HashedFile& file) {
            const std::string name = fs::path(file.name).filename().native();
            results.push_back(file.outcome == FileOutcome::hashed
                                  ? name + " " + to_hex(file.digests.of(Algorithm::sha256))
                              : file.outcome == FileOutcome::note ? "note " + name
                                                                  : describe_problem(file));
        };
    }
    std::string add_file(const std::string& name, const std::string& content) {
        write_new_file(folder / name, as_bytes(content));
        return (folder / name).native();
    }
};

AlgorithmSet sha256_only() { return AlgorithmSet({Algorithm::sha256}); }

}  // namespace

TEST_CASE("results come in the order of the files, whatever the number of threads") {
    for (unsigned threads : {1u, 2u, 7u}) {
        CAPTURE(threads);
        Fixture fixture;
        HashQueue queue(fixture.context, threads, fixture.sink());
        std::vector<std::string> expected;
        for (int i = 0; i < 300; ++i) {
            // A large one now and then, which takes longer than its neighbours.
            const std::string content(i % 50 == 7 ? 3 * mib : 10, static_cast<char>('a' + i % 26));
            const std::string name = "file-" + std::to_string(i);
            queue.add_path(fixture.add_file(name, content), sha256_only());
            expected.push_back(name + " " + sha256_hex(content));
        }
        queue.add_note("last", "");
        expected.push_back("note last");
        queue.finish();
        CHECK(fixture.results == expected);
    }
}

TEST_CASE("files of every size around what goes into lanes, in every place of a group") {
    for (unsigned threads : {1u, 3u}) {
        Fixture fixture;
        HashQueue queue(fixture.context, threads, fixture.sink());
        std::vector<std::string> expected;
        int number = 0;
        for (const std::size_t size :
             {0, 1, 55, 56, 63, 64, 65, 4096, 131071, 131072, 131073, 300000}) {
            for (int i = 0; i < 5; ++i) {
                const std::string name = "file-" + std::to_string(number);
                const std::string content(size + (i == 3 ? 1 : 0), static_cast<char>(number++));
                queue.add_path(fixture.add_file(name, content), sha256_only());
                expected.push_back(name + " " + sha256_hex(content));
            }
        }
        queue.finish();
        CHECK(fixture.results == expected);
    }
}

TEST_CASE("what cannot be hashed is a result that says why") {
    Fixture fixture;
    REQUIRE(::mkfifo((fixture.folder / "fifo").c_str(), 0600) == 0);
    HashQueue queue(fixture.context, 2, fixture.sink());
    for (const char* name : {"absent", "fifo", "."}) {
        queue.add_path((fixture.folder / name).native(), sha256_only());
    }
    queue.finish();
    REQUIRE(fixture.results.size() == 3);
    CHECK(fixture.results[0].find("absent (No such file or directory)") != std::string::npos);
    CHECK(fixture.results[1].find("fifo") != std::string::npos);
    CHECK(fixture.results[2] != fixture.results[1]);
}

TEST_CASE("a tree comes in the order of a sorted walk, links not followed") {
    Fixture fixture;
    fs::create_directory(fixture.folder / "sub");
    fixture.add_file("b", "1");
    fixture.add_file("sub/a", "2");
    fs::create_symlink("b", fixture.folder / "link");
    HashQueue queue(fixture.context, 3, fixture.sink());
    queue.add_tree(fixture.folder.path().native(), sha256_only());
    queue.finish();
    REQUIRE(fixture.results.size() == 3);
    CHECK(fixture.results[0] == "b " + sha256_hex("1"));
    CHECK(fixture.results[2] == "a " + sha256_hex("2"));
}

TEST_CASE("the user's wish to stop ends the queue") {
    Fixture fixture;
    const std::string path = fixture.add_file("x", "content");
    HashQueue queue(fixture.context, 2, fixture.sink());
    fixture.context.interrupted = true;
    try {
        for (int i = 0; i < 10000; ++i) queue.add_path(path, sha256_only());
        queue.finish();
        FAIL("not interrupted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::interrupted);
    }
}
