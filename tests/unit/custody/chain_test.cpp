#include "custody/chain.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/hex.h"
#include "custody/ledger_line.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("the links of the independent sample are ours") {
    Sha256 link = first_link(sample_ledger_id);
    for (const std::string& text : sample_lines()) {
        const LedgerLine line = parse_ledger_line(text, "sample");
        link = next_link(link, event_digest(line.tags, line.event_bytes_digest));
        CHECK(to_hex(link) == to_hex(line.link));
    }
    CHECK(to_hex(link) == "994aa1a3f65853731816e155d26909f1d991afddca06f86468ac9f3325ce90ec");
}

TEST_CASE("the relevance tags of the independent sample are ours") {
    const ItemKey disk = item_key("9e6dc4df9e58a3c005c79f293fe93fcd");
    const ItemKey mail = item_key("27e1948e8a20be768704435b53cc9a2f");
    const std::vector<std::string> lines = sample_lines();
    const auto tagged = [&](const ItemKey& key, std::uint64_t seq) {
        return has_tag(parse_ledger_line(lines.at(seq), "sample").tags,
                       relevance_tag(key, sample_ledger_id, seq));
    };
    for (std::uint64_t seq = 0; seq < 5; ++seq) {
        CAPTURE(seq);
        CHECK(tagged(disk, seq) == (seq == 1 || seq == 4));
        CHECK(tagged(mail, seq) == (seq == 3));
    }
}

TEST_CASE("a tag depends on item key, ledger and event") {
    const ItemKey key = item_key("9e6dc4df9e58a3c005c79f293fe93fcd");
    ItemKey other = key;
    other[15] ^= 1;
    const Tag tag = relevance_tag(key, sample_ledger_id, 1);
    CHECK(tag != relevance_tag(other, sample_ledger_id, 1));
    CHECK(tag != relevance_tag(key, std::string(32, '0'), 1));
    CHECK(tag != relevance_tag(key, sample_ledger_id, 1ull << 56));
}

TEST_CASE("tags come in sorted eights whatever the number of items") {
    CountingRandom random;
    for (std::size_t items : {0u, 1u, 7u, 8u, 9u, 16u, 17u}) {
        CAPTURE(items);
        std::vector<ItemKey> keys(items);
        for (ItemKey& key : keys) random.fill(key);
        const Bytes tags = make_tags(keys, sample_ledger_id, 5, random);
        CHECK(tags.size() == tag_count_for(items) * tag_bytes);
        CHECK(is_tag_list(tags));
        for (const ItemKey& key : keys) {
            CHECK(has_tag(tags, relevance_tag(key, sample_ledger_id, 5)));
        }
    }
    CHECK(tag_count_for(0) == 8);
    CHECK(tag_count_for(8) == 8);
    CHECK(tag_count_for(9) == 16);
}

TEST_CASE("a list of tags that is empty, short, unsorted or doubled is none") {
    CountingRandom random;
    const Bytes good = make_tags({}, sample_ledger_id, 0, random);
    CHECK(is_tag_list(good));
    CHECK_FALSE(is_tag_list({}));
    CHECK_FALSE(is_tag_list(ByteView(good).first(good.size() - 1)));
    CHECK_FALSE(is_tag_list(ByteView(good).first(7 * tag_bytes)));
    Bytes swapped = good;
    std::swap_ranges(swapped.begin(), swapped.begin() + tag_bytes, swapped.begin() + tag_bytes);
    CHECK_FALSE(is_tag_list(swapped));
    Bytes doubled = good;
    std::copy_n(doubled.begin(), tag_bytes, doubled.begin() + tag_bytes);
    CHECK_FALSE(is_tag_list(doubled));
}
