#include "custody/event.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "custody_fixture.h"

using namespace evidence;

namespace {

const std::string sha_hex(64, 'd');

Event full_event() {
    Event event;
    event.ledger = std::string(32, '1');
    event.case_number = "HN-2025-7";
    event.seq = 3;
    event.type = "acquire";
    event.at = *parse_utc("2026-11-22T00:40:38.000Z");
    event.zone = "+07:00";
    event.clock = "ntp";
    event.recorded_at = *parse_utc("2026-11-22T00:41:00.500Z");
    event.actor = {"Nguyễn Văn A", "Sample Authority", "investigator", std::string(64, 'c'),
                   "ed25519"};
    event.items = {"DISK-01"};
    event.digests_after["DISK-01"][Algorithm::sha256] = sha_hex;
    event.nonce = std::string(32, '2');
    return event;
}

// The canonical bytes with one piece of text replaced.
std::string changed(const std::string& from, const std::string& to) {
    std::string bytes = event_bytes(full_event());
    const std::size_t position = bytes.find(from);
    REQUIRE(position != std::string::npos);
    return bytes.replace(position, from.size(), to);
}

void refuses(const std::string& bytes, const std::string& reason) {
    CAPTURE(bytes);
    try {
        parse_event(bytes, "event 3");
        FAIL_CHECK("accepted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        CHECK_MESSAGE(error.message().find(reason) != std::string::npos, error.message());
        CHECK(error.message().find("event 3") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("an event is one canonical line with sorted members") {
    CHECK(event_bytes(full_event()) ==
          R"({"actor":{"algorithm":"ed25519","certificate_sha256":")" + std::string(64, 'c') +
              R"(","name":"Nguyễn Văn A","organization":"Sample Authority","role":"investigator"},)"
              R"("at":"2026-11-22T00:40:38.000Z","authority":"","case":"HN-2025-7","clock":"ntp",)"
              R"("detail":{},"digests_after":{"DISK-01":{"sha256":")" +
              sha_hex + R"("}},"format":"evidence-event/1","items":["DISK-01"],"ledger":")" +
              std::string(32, '1') + R"(","nonce":")" + std::string(32, '2') +
              R"(","place":"","reason":"","recorded_at":"2026-11-22T00:41:00.500Z","seq":3,)" +
              R"("type":"acquire","zone":"+07:00"})");
}

TEST_CASE("parsing and writing an event gives the same bytes") {
    const std::string bytes = event_bytes(full_event());
    CHECK(event_bytes(parse_event(bytes, "event 3")) == bytes);
    const Event parsed = parse_event(bytes, "event 3");
    CHECK(parsed.actor == full_event().actor);
    CHECK(parsed.written_at() == *full_event().recorded_at);
    CHECK(parsed.digests_after.at("DISK-01").at(Algorithm::sha256) == sha_hex);
}

TEST_CASE("an event without signer and digests leaves those members out") {
    Event event = full_event();
    event.actor.certificate_sha256.clear();
    event.actor.algorithm.clear();
    event.digests_after.clear();
    event.recorded_at.reset();
    const std::string bytes = event_bytes(event);
    for (const char* member : {"algorithm", "certificate_sha256", "digests_", "recorded_at"}) {
        CHECK(bytes.find(member) == std::string::npos);
    }
    CHECK_FALSE(parse_event(bytes, "event").actor.is_signed());
}

TEST_CASE("an event type of a later version is read") {
    CHECK(parse_event(changed(R"("acquire")", R"("teleport_2")"), "event").type == "teleport_2");
}

TEST_CASE("events with wrong members are refused") {
    refuses(changed(R"("place":"",)", ""), "place");
    refuses(changed(R"("zone":"+07:00")", R"("zone":"+07:00","zz":1)"), "exactly the members");
    refuses(changed(R"("role":"investigator")", R"("role":"investigator","x":"")"), "actor");
    refuses(changed(R"("algorithm":"ed25519",)", ""), "algorithm");
    refuses(changed(R"("algorithm":"ed25519")", R"("algorithm":"md5-rsa")"), "algorithm");
    refuses(changed(R"("detail":{})", R"("detail":[])"), "detail");
    refuses(changed(R"("detail":{},)", R"("detail":{},"digests_before":{},)"), "canonical JSON");
    refuses(changed(R"("format":"evidence-event/1")", R"("format":"evidence-event/2")"), "format");
}

TEST_CASE("an optional member that holds nothing is refused") {
    const std::string empty_digests =
        changed(R"({"DISK-01":{"sha256":")" + sha_hex + R"("}})", "{}");
    refuses(empty_digests, "exactly the members");
    refuses(changed("2026-11-22T00:41:00.500Z", "2026-11-22T00:40:38.000Z"), "recorded_at");
}

TEST_CASE("events with values out of range are refused") {
    refuses(changed(R"("seq":3)", R"("seq":-3)"), "below zero");
    refuses(changed(R"("seq":3)", R"("seq":"3")"), "integer");
    refuses(changed("2026-11-22T00:40:38.000Z", "2026-11-22T00:40:38Z"), "times");
    refuses(changed("2026-11-22T00:40:38.000Z", "2026-02-30T00:40:38.000Z"), "times");
    refuses(changed("+07:00", "+7"), "zone");
    refuses(changed(R"("ntp")", R"("sundial")"), "clock");
    refuses(changed(R"("case":"HN-2025-7")", R"("case":"")"), "case");
    refuses(changed(std::string(32, '1'), std::string(32, 'A')), "ledger");
    refuses(changed(std::string(32, '2'), std::string(31, '2')), "nonce");
    refuses(changed(std::string(64, 'c'), std::string(63, 'c')), "certificate_sha256");
    refuses(changed(R"("acquire")", R"("Acquire")"), "type");
    refuses(changed(R"("acquire")", R"("")"), "type");
    refuses(changed(sha_hex, "dd"), "");
}

TEST_CASE("items are ids, each once, and digests belong to them") {
    refuses(changed(R"(["DISK-01"])", R"(["../etc"])"), "item ids");
    refuses(changed(R"(["DISK-01"])", R"(["DISK-01","disk-01"])"), "no item twice");
    refuses(changed(R"(["DISK-01"])", R"(["DISK-02"])"), "digests only of items");
    std::string many = "[\"I0\"";
    for (std::size_t i = 1; i <= event_max_items; ++i) many += ",\"I" + std::to_string(i) + "\"";
    refuses(changed(R"(["DISK-01"])", many + "]"), "4096");
}

TEST_CASE("an event leaves room for its line: in size and in depth") {
    Event event = full_event();
    event.reason = std::string(event_max_bytes, 'x');
    refuses(event_bytes(event), "768 KiB");
    const auto nested = [](std::size_t levels) {
        Json value = Json::object({});
        for (std::size_t i = 1; i < levels; ++i) value = Json::object({{"a", value}});
        return value;
    };
    event = full_event();
    event.detail = nested(event_max_depth - 1);
    CHECK_NOTHROW(parse_event(event_bytes(event), "event"));
    event.detail = nested(event_max_depth);
    refuses(event_bytes(event), "nesting");
}

TEST_CASE("what is not canonical JSON is refused") {
    refuses(" " + event_bytes(full_event()), "canonical JSON");
    refuses(event_bytes(full_event()) + "\n", "canonical JSON");
    refuses("[]", "");
    refuses("", "canonical JSON");
}

TEST_CASE("control characters are no plain text") {
    CHECK_NOTHROW(require_plain_text("Vụ án số 7 / القضية ٧", "title"));
    CHECK_NOTHROW(require_plain_text("", "title"));
    for (const char* text : {"a\nb", "a\x1b[0m", "\x7f", "\xc2\x85", "\xff", "a\tb"}) {
        CHECK_THROWS_AS(require_plain_text(text, "title"), Error);
    }
}

TEST_CASE("an actor is read strictly") {
    const Json json = to_json(full_event().actor);
    CHECK(actor_from_json(json, "package.json") == full_event().actor);
    Json strange = json;
    strange.set("phone", "1");
    CHECK_THROWS_WITH_AS(actor_from_json(strange, "package.json"),
                         doctest::Contains("package.json"), Error);
}
