#include "verification/item_facts.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

AcquisitionRecord record_of(Json document) {
    AcquisitionRecord record;
    record.item = "USB-01";
    record.size_bytes = 4096;
    record.document = std::move(document);
    return record;
}

}  // namespace

TEST_CASE("what an acquisition record says about its item is told") {
    AcquisitionRecord record = record_of(Json::object(
        {{"account", Json::object({{"changed", 1}, {"excluded", 2}, {"failed", 3}, {"seen", 9}})},
         {"completed_at", "2026-11-22T00:36:38.000Z"},
         {"operator", Json::object({{"name", "Ánh"}, {"organization", "Agency"}})},
         {"resumed", Json::array()},
         {"source", Json::object({{"model", "Flash"}, {"serial", "123"}})},
         {"tool", Json::object({{"name", "evidence-acquire"}, {"version", "0.1.0"}})},
         {"zero", Json::object({{"bytes", 512}})}}));
    record.map = AcquisitionRecord::Map{1024, 2};
    record.source_member = "/dev/sdb";
    const VerifiedItem item = facts_of(record);
    CHECK(item.item == "USB-01");
    CHECK(item.source == "/dev/sdb");
    CHECK(item.device == "Flash 123");
    CHECK(item.operator_name == "Ánh");
    CHECK(item.tool == "evidence-acquire 0.1.0");
    CHECK(item.completed_at == parse_utc("2026-11-22T00:36:38.000Z"));
    CHECK_FALSE(item.started_at);
    CHECK(item.unread_bytes == 1024);
    CHECK(item.unread_ranges == 2);
    CHECK(item.seen == 9);
    CHECK(item.failed == 3);
    CHECK(item.zero_bytes == 512);
    CHECK(item.breaks == 0);
}

TEST_CASE("members of another type than the format has are passed over") {
    const VerifiedItem item = facts_of(record_of(Json::object(
        {{"account", 7}, {"description", 1}, {"resumed", "x"}, {"source", "y"}, {"zero", -1}})));
    CHECK(item.description.empty());
    CHECK(item.device.empty());
    CHECK(item.seen == 0);
    CHECK(item.breaks == 0);
}

TEST_CASE("a path that is not UTF-8 is told byte by byte in JSON") {
    AcquisitionRecord record = record_of(Json::object({}));
    record.source_bytes_member = "636166e9";
    const VerifiedItem item = facts_of(record);
    CHECK(item.source == "caf\xe9");
    CHECK(to_json(item).at("source").string() == "caf\\xe9");
}

TEST_CASE("a list of any number of items takes the same memory") {
    ItemList items;
    const AcquisitionRecord record = record_of(Json::object({}));
    for (std::size_t i = 0; i < ItemList::max_kept + 5; ++i) items.add(record);
    CHECK(items.kept().size() == ItemList::max_kept);
    CHECK(items.count() == ItemList::max_kept + 5);
}
