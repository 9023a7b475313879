#include "package/item_tree.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/checkpoint_text.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "digest/merkle_tree.h"
#include "package/record.h"
#include "sample.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("the item tree of the sample package has the root its checkpoint names") {
    const Sample sample;
    const ZipEntry& items = *sample.zip().find("items.jsonl");
    LineReader lines = LineReader::of_file(sample.file(), items.data_offset(), items.size,
                                           "items.jsonl", json_max_line_bytes);
    TemporaryFolder scratch;
    ItemTree tree(scratch.path());
    while (const auto line = lines.next()) {
        std::string record_bytes;
        parse_record_line(*line, "items.jsonl", record_bytes);
        tree.add(record_bytes);
    }
    CheckpointText checkpoint;
    checkpoint.origin = items_origin("0192c0de-0000-4000-8000-000000000001");
    checkpoint.size = tree.size();
    checkpoint.hash = tree.finish();
    CHECK(format_checkpoint(checkpoint) == sample.entry("items.checkpoint"));
}

TEST_CASE("a tree larger than memory allows has the same root as one sorted in memory") {
    TemporaryFolder scratch;
    ItemTree tree(scratch.path());
    std::vector<Sha256> leaves;
    for (int i = 0; i < 150'000; ++i) {
        const std::string record = std::to_string(i);
        tree.add(record);
        leaves.push_back(merkle_leaf(as_bytes(record)));
    }
    std::sort(leaves.begin(), leaves.end());
    MerkleTree expected;
    for (const Sha256& leaf : leaves) expected.add_leaf(leaf);
    CHECK(tree.size() == 150'000);
    CHECK(tree.finish() == expected.root());
    CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("the order of records says nothing") {
    TemporaryFolder scratch;
    ItemTree forwards(scratch.path()), backwards(scratch.path());
    for (int i = 0; i < 10; ++i) {
        forwards.add(std::to_string(i));
        backwards.add(std::to_string(9 - i));
    }
    CHECK(forwards.finish() == backwards.finish());
}

TEST_CASE("two equal records are refused, wherever they are kept") {
    TemporaryFolder scratch;
    ItemTree small(scratch.path());
    small.add("a");
    small.add("a");
    CHECK_THROWS_AS(small.finish(), Error);
    ItemTree large(scratch.path());
    for (int i = 0; i < 70'000; ++i) large.add(std::to_string(i));
    large.add("0");
    CHECK_THROWS_AS(large.finish(), Error);
}
