#include "transfer/part_list.h"

#include <doctest/doctest.h>

#include "base/hex.h"
#include "test_context.h"

using namespace evidence;

namespace {

std::vector<Sha256> some_digests(std::size_t count) {
    std::vector<Sha256> digests;
    for (std::size_t i = 0; i < count; ++i) digests.push_back(sha256("part " + std::to_string(i)));
    return digests;
}

PartList read_text(const fs::path& path, std::string_view text, std::uint64_t count) {
    fs::remove(path);
    File file = File::create_new(path);
    file.write(as_bytes(text));
    return read_part_list(file, count, PartForm::encrypted);
}

}  // namespace

TEST_CASE("a package is cut into full parts and one shorter rest, none empty") {
    CHECK(part_count(1, 65536) == 1);
    CHECK(part_count(65536, 65536) == 1);
    CHECK(part_count(65537, 65536) == 2);
    CHECK(bytes_in_part(1, 65537, 65536) == 65536);
    CHECK(bytes_in_part(2, 65537, 65536) == 1);
    CHECK(bytes_in_part(2, 2 * 65536, 65536) == 65536);
}

TEST_CASE("part sizes have limits") {
    CHECK_FALSE(is_part_size(64 * kib - 1));
    CHECK(is_part_size(64 * kib));
    CHECK(is_part_size(64 * mib));
    CHECK_FALSE(is_part_size(64 * mib + 1));
}

TEST_CASE("part names have six digits and tell their form") {
    CHECK(part_name(1, PartForm::encrypted) == "part-000001.p7m");
    CHECK(part_name(999'999, PartForm::clear) == "part-999999.bin");
    CHECK(is_part_name("part-000001.p7m"));
    CHECK(is_part_name("part-000001.bin"));
    for (const char* name :
         {"part-000000.p7m", "part-1.p7m", "part-0000001.p7m", "part-00000a.p7m", "part-000001.txt",
          "part-000001.p7mx", "Part-000001.p7m", "part-", ""}) {
        CAPTURE(name);
        CHECK_FALSE(is_part_name(name));
    }
}

TEST_CASE("a part list reads back as it was written, across several blocks") {
    const test::TemporaryFolder folder;
    const std::vector<Sha256> digests = some_digests(2500);
    File file = File::create_new(folder / "parts.txt");
    const Sha256 written = write_part_list(file, digests, PartForm::encrypted);
    const PartList list = read_part_list(file, digests.size(), PartForm::encrypted);
    CHECK(list.text_sha256 == written);
    REQUIRE(list.parts);
    CHECK(*list.parts == digests);
    CHECK(read_small_file(folder / "parts.txt", mib)
              .starts_with(to_hex(digests[0]) + "  part-000001.p7m\n"));
}

TEST_CASE("a part list is refused unless it is exactly the list of that many parts") {
    const test::TemporaryFolder folder;
    const fs::path path = folder / "parts.txt";
    const std::string digest(64, 'a');
    const std::string first = digest + "  part-000001.p7m\n";
    const std::string second = digest + "  part-000002.p7m\n";
    CHECK(read_text(path, first + second, 2).parts);
    CHECK_FALSE(read_text(path, first + second, 1).parts);
    CHECK_FALSE(read_text(path, first + second, 3).parts);
    CHECK_FALSE(read_text(path, second + first, 2).parts);
    CHECK_FALSE(read_text(path, first + first, 2).parts);
    CHECK_FALSE(read_text(path, first + second + "\n", 2).parts);
    CHECK_FALSE(read_text(path, first + second.substr(0, second.size() - 1), 2).parts);
    CHECK_FALSE(read_text(path, std::string(64, 'A') + "  part-000001.p7m\n", 1).parts);
    CHECK_FALSE(read_text(path, digest + "  part-000001.bin\n", 1).parts);
    CHECK_FALSE(read_text(path, digest + " *part-000001.p7m\n", 1).parts);
    CHECK_FALSE(read_text(path, "", 1).parts);
}

TEST_CASE("a list that does not end is read no further than it may go") {
    // Sparse: reading all of it would take minutes.
    test::TemporaryFolder folder;
    File file = File::create_new(folder / "parts.txt");
    file.write_at(as_bytes("x"), 64 * gib);
    CHECK_FALSE(read_part_list(file, 3, PartForm::encrypted).parts);
}
