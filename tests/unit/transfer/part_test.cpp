#include "transfer/part.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "test_context.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Parts {
    TemporaryFolder folder;
    CountingRandom random;
    TransferKey key = TransferKey::create("0f0e0d0c-0b0a-4908-8706-050403020100", random);
    fs::path path = folder / "part-000001.p7m";
    Bytes plain = Bytes(70'000, 0x5A);

    std::string stored() const { return read_small_file(path, mib); }
    Bytes stored_bytes() const {
        const std::string text = stored();
        return {text.begin(), text.end()};
    }
};

}  // namespace

TEST_CASE("a part opens under its key and gives its digest") {
    Parts parts;
    const Sha256 digest = keep_or_write_part(parts.path, parts.plain, &parts.key);
    CHECK(digest == sha256(parts.stored()));
    CHECK(parts.stored().size() <= part_file_bytes(parts.plain.size(), PartForm::encrypted));
    CHECK(open_part(parts.stored_bytes(), &parts.key, parts.path) == parts.plain);
}

TEST_CASE("a part that is there already is kept") {
    Parts parts;
    const Sha256 first = keep_or_write_part(parts.path, parts.plain, &parts.key);
    CHECK(keep_or_write_part(parts.path, parts.plain, &parts.key) == first);
}

TEST_CASE("a part that holds anything else is made again") {
    Parts parts;
    const Sha256 first = keep_or_write_part(parts.path, parts.plain, &parts.key);
    SUBCASE("other bytes of the package") { parts.plain.back() = 0; }
    SUBCASE("another length") { parts.plain.pop_back(); }
    SUBCASE("another key") { parts.key = TransferKey::create(parts.key.transfer(), parts.random); }
    SUBCASE("cut short") {
        const std::string half = parts.stored().substr(0, 30'000);
        fs::remove(parts.path);
        write_new_file(parts.path, as_bytes(half));
    }
    SUBCASE("empty") {
        fs::remove(parts.path);
        write_new_file(parts.path, {});
    }
    const Sha256 second = keep_or_write_part(parts.path, parts.plain, &parts.key);
    CHECK(second != first);
    CHECK(open_part(parts.stored_bytes(), &parts.key, parts.path) == parts.plain);
}

TEST_CASE("a part in clear is its bytes") {
    Parts parts;
    CHECK(keep_or_write_part(parts.path, parts.plain, nullptr) == sha256(parts.plain));
    CHECK(parts.stored_bytes() == parts.plain);
    CHECK(open_part(parts.stored_bytes(), nullptr, parts.path) == parts.plain);
    parts.plain.front() = 0;
    CHECK(keep_or_write_part(parts.path, parts.plain, nullptr) == sha256(parts.plain));
}

TEST_CASE("an altered part is refused") {
    Parts parts;
    keep_or_write_part(parts.path, parts.plain, &parts.key);
    Bytes part = parts.stored_bytes();
    part[part.size() / 2] ^= 1;
    CHECK(kind_of_error([&] { open_part(part, &parts.key, parts.path); }) == ErrorKind::refused);
}

TEST_CASE("bounded reading sees that a file is longer, and never reads it whole") {
    const TemporaryFolder folder;
    CHECK_FALSE(read_bounded(folder / "absent", 10));
    write_new_file(folder / "file", as_bytes("0123456789"));
    CHECK(read_bounded(folder / "file", 10)->size() == 10);
    CHECK(read_bounded(folder / "file", 5)->size() == 6);
}
