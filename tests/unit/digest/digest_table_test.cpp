#include "digest/digest_table.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "digest/digest.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Fixture {
    TestContext context;
    File file = File::create_unnamed(context.context.scratch_folder);

    // A buffer this small makes many runs.
    DigestTable table_of(const std::multimap<DigestKey, std::uint64_t>& rows) {
        DigestTableWriter writer(context, 10 * sizeof(DigestRow));
        for (const auto& [key, place] : rows) writer.add({key, place});
        const std::uint64_t offset = file.size();
        writer.write(file);
        return {file, offset, writer.size()};
    }
};

DigestKey key_of(std::uint64_t number) { return sha256(std::to_string(number)); }

std::vector<std::uint64_t> places_of(const DigestTable& table, const DigestKey& key) {
    std::vector<std::uint64_t> places;
    for (auto at = table.find(key); at && *at < table.rows() && table.row(*at).key == key; ++*at) {
        places.push_back(table.row(*at).place);
    }
    return places;
}

}  // namespace

TEST_CASE("every row is found, and nothing else") {
    Fixture fixture;
    for (const std::uint64_t count : {0, 1, 2, 63, 64, 65, 1000, 5000}) {
        std::multimap<DigestKey, std::uint64_t> rows;
        for (std::uint64_t i = 0; i < count; ++i) rows.emplace(key_of(i), i);
        const DigestTable table = fixture.table_of(rows);
        CHECK(table.rows() == count);
        for (std::uint64_t i = 0; i < count; ++i) {
            CHECK(places_of(table, key_of(i)) == std::vector{i});
            CHECK_FALSE(table.contains(key_of(i + 10'000)));
        }
    }
}

TEST_CASE("equal keys give all of their places in order") {
    Fixture fixture;
    std::multimap<DigestKey, std::uint64_t> rows;
    for (std::uint64_t place : {9, 3, 7}) rows.emplace(key_of(1), place);
    for (std::uint64_t i = 10; i < 500; ++i) rows.emplace(key_of(i), i);
    CHECK(places_of(fixture.table_of(rows), key_of(1)) == std::vector<std::uint64_t>{3, 7, 9});
}

TEST_CASE("keys that are not spread evenly are found too") {
    Fixture fixture;
    std::multimap<DigestKey, std::uint64_t> rows;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        DigestKey key{};
        key[31] = static_cast<std::uint8_t>(i);
        key[30] = static_cast<std::uint8_t>(i >> 8);
        if (i % 7 == 0) key[0] = 0xff;
        rows.emplace(key, i);
    }
    const DigestTable table = fixture.table_of(rows);
    for (const auto& [key, place] : rows) CHECK(places_of(table, key) == std::vector{place});
    CHECK_FALSE(table.contains(DigestKey{0x80}));
}

TEST_CASE("shorter digests are followed by zeros, longer ones cut") {
    const Bytes shorter(20, 1), longer(64, 2);
    CHECK(digest_key(shorter)[19] == 1);
    CHECK(digest_key(shorter)[20] == 0);
    CHECK(digest_key(longer)[31] == 2);
}
