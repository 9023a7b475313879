#include "verification/event_history.h"

#include <doctest/doctest.h>

#include "verification/item_facts.h"

using namespace evidence;

namespace {

Event event_number(std::uint64_t seq) {
    Event event;
    event.seq = seq;
    event.type = "move";
    event.actor.name = "Officer";
    return event;
}

}  // namespace

TEST_CASE("of a long history the beginning and the end are kept") {
    EventHistory history;
    for (std::uint64_t seq = 0; seq < 10'000; ++seq) history.add(event_number(seq));
    CHECK(history.count() == 10'000);
    CHECK(history.first().size() == EventHistory::kept_at_each_end);
    CHECK(history.last().size() == EventHistory::kept_at_each_end);
    CHECK(history.omitted() == 10'000 - 2 * EventHistory::kept_at_each_end);
    CHECK(history.first().front().seq == 0);
    CHECK(history.last().back().seq == 9'999);
    CHECK(history.last().front().seq == 10'000 - EventHistory::kept_at_each_end);
}

TEST_CASE("a short history is kept whole, each event once") {
    EventHistory history;
    for (std::uint64_t seq = 0; seq < EventHistory::kept_at_each_end + 1; ++seq)
        history.add(event_number(seq));
    CHECK(history.omitted() == 0);
    CHECK(history.last().size() == 1);
}

TEST_CASE("long texts and many items of one event are cut") {
    Event event = event_number(1);
    event.reason = std::string(100'000, 'x');
    for (int i = 0; i < 4000; ++i) event.items.push_back("ITEM-" + std::to_string(i));
    EventHistory history;
    history.add(event);
    const ShownEvent& shown = history.first().front();
    CHECK(shown.reason == std::string(report_text_max_bytes, 'x') + "..");
    CHECK(shown.items.size() == ShownEvent::max_items);
    CHECK(shown.item_count == 4000);
}

TEST_CASE("whether an event is signed is told by its actor") {
    Event event = event_number(1);
    event.actor.certificate_sha256 = "00";
    EventHistory history;
    history.add(event);
    history.add(event_number(2));
    CHECK(history.first().at(0).is_signed);
    CHECK_FALSE(history.first().at(1).is_signed);
}

TEST_CASE("events go into lanes by what they are") {
    CHECK(group_of("acquire_resumed") == EventGroup::acquisition);
    CHECK(group_of("check_out") == EventGroup::handling);
    CHECK(group_of("seal") == EventGroup::sealing);
    CHECK(group_of("receipt") == EventGroup::transfer);
    CHECK(group_of("verify_failed") == EventGroup::verification);
    CHECK(group_of("request_refused") == EventGroup::legal);
    CHECK(group_of("of_a_newer_version") == EventGroup::handling);
}
