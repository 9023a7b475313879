#include "verification/event_times.h"

#include <doctest/doctest.h>

#include "verification/legal_check.h"

using namespace evidence;

namespace {

constexpr std::int64_t minute = 60'000, day = 24 * 60 * minute;

struct History {
    Findings findings;
    std::uint64_t seq = 0;

    Event event(std::string type, std::int64_t at, std::vector<std::string> items = {"DISK-1"}) {
        Event made;
        made.type = std::move(type);
        made.seq = seq++;
        made.at = {at};
        made.items = std::move(items);
        return made;
    }
    std::string codes() const {
        std::string text;
        for (const Finding& finding : findings.all()) {
            text += (text.empty() ? "" : " ") + finding.code + "@" + finding.where;
        }
        return text;
    }
};

}  // namespace

TEST_CASE("times that go forward are no gap, nor are clocks a little apart") {
    History history;
    EventTimes times(history.findings);
    times.add(history.event("acquire", 10 * minute));
    times.add(history.event("label", 10 * minute));
    times.add(history.event("move", 5 * minute));
    times.add(history.event("move", 900 * day));
    times.finish({901 * day}, false);
    CHECK(history.codes() == "");
}

TEST_CASE("an event written before the one in front of it is a gap") {
    History history;
    EventTimes times(history.findings);
    times.add(history.event("acquire", 10 * minute));
    times.add(history.event("label", 5 * minute - 1));
    CHECK(history.codes() == "custody.gap-in-time@event 1");
}

TEST_CASE("an event written down days later is told") {
    History history;
    EventTimes times(history.findings);
    Event late = history.event("seize", 0);
    late.recorded_at = UtcTime{day};
    times.add(late);
    CHECK(history.codes() == "");
    late.recorded_at = UtcTime{day + 1};
    times.add(late);
    CHECK(history.codes() == "custody.recorded-late@event 0");
}

TEST_CASE("an item that was given out and did not come back is a gap") {
    for (const std::string back : {"check_in", "return", "store", "hand_over"}) {
        History history;
        EventTimes times(history.findings);
        times.add(history.event("check_out", minute, {"DISK-1", "DISK-2"}));
        times.add(history.event(back, 2 * minute));
        times.finish({day}, false);
        CHECK(history.codes() == "custody.gap-in-time@event 0");
        CHECK(history.findings.all().front().message.starts_with("DISK-2 was given out"));
        CHECK(history.findings.all().front().weight == Weight::warning);
    }
    History history;
    EventTimes times(history.findings);
    times.add(history.event("check_out", minute));
    times.finish({day}, true);
    CHECK(history.findings.all().front().weight == Weight::info);
}

namespace {

Event preserved(History& history, std::string type, const char* until) {
    Event event = history.event(std::move(type), 0);
    event.detail.set("expires_at", until);
    return event;
}

}  // namespace

TEST_CASE("a preservation that ran out before the acquisition is told") {
    History history;
    PreservationClock clock(history.findings);
    CHECK_FALSE(clock.saw_any());
    clock.add(preserved(history, "preservation_ordered", "1970-01-02"));
    CHECK(clock.saw_any());
    clock.add(history.event("acquire", 2 * day - 1));  // the last moment of that day
    CHECK(history.codes() == "");
    clock.add(history.event("acquire", 2 * day, {"OTHER"}));
    CHECK(history.codes() == "");
    clock.add(history.event("acquire", 2 * day));
    CHECK(history.codes() == "legal.preservation-expired@event 0");
}

TEST_CASE("a renewal, a pending request and a release stop the clock") {
    for (const std::string what : {"renewed", "held_pending_mla", "released"}) {
        CAPTURE(what);
        History history;
        PreservationClock clock(history.findings);
        clock.add(preserved(history, "preservation_started", "1970-01-02T00:00:00.000Z"));
        Event next = history.event("preservation_" + what, 0);
        if (what == "renewed") next.detail.set("expires_at", "1970-04-01");
        clock.add(next);
        clock.add(history.event("acquire", 50 * day));
        clock.finish({60 * day});
        CHECK(history.codes() == "");
        clock.finish({100 * day});
        CHECK(history.codes() == (what == "renewed" ? "legal.preservation-expired@event 1" : ""));
    }
}

TEST_CASE("an end of a preservation that is no time is told") {
    for (const char* text : {"soon", "1970-13-01", "", "1970-01-02T00:00:00Z"}) {
        History history;
        PreservationClock clock(history.findings);
        clock.add(preserved(history, "preservation_ordered", text));
        CHECK(history.codes() == "legal.preservation-unclear@event 0");
    }
}

TEST_CASE("conditions are told in their words") {
    Findings findings;
    Json conditions = Json::array();
    conditions.push_back(Json::object({{"kind", "use-limit"}, {"text", "only this case"}}));
    conditions.push_back(Json::object({{"kind", "confidential"}, {"text", ""}}));
    add_conditions(conditions, "package.json", findings);
    REQUIRE(findings.all().size() == 2);
    CHECK(findings.all()[0].message == "use-limit: only this case");
    CHECK(findings.all()[1].message == "confidential");
    CHECK(findings.all()[1].code == "legal.condition");
    CHECK(findings.verdict() == Verdict::total_passed);
}
