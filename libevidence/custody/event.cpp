#include "custody/event.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::string_view format_name = "evidence-event/1";
constexpr std::array<std::string_view, 3> clocks = {"system", "ntp", "manual"};
constexpr std::array<std::string_view, 4> algorithms = {"ecdsa-sha256", "ecdsa-sha384",
                                                        "rsa-pss-sha256", "ed25519"};

template <typename Range>
bool contains(const Range& range, std::string_view value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

[[noreturn]] void fail(std::string_view expected) {
    throw Error(ErrorKind::malformed, "expected " + std::string(expected));
}

const std::string& hex_member(const Json& json, std::string_view key, std::size_t digits) {
    const std::string& text = json.at(key).string();
    if (!is_hex(text, digits)) {
        fail(std::to_string(digits) + " hexadecimal digits as " + std::string(key));
    }
    return text;
}

UtcTime time_from_json(const Json& json) {
    const std::optional<UtcTime> time = parse_utc(json.string());
    if (!time) fail("times like 2026-11-22T01:15:38.000Z");
    return *time;
}

Json to_json(const std::map<std::string, DigestSet>& digests) {
    Json json = Json::object({});
    for (const auto& [item, set] : digests) json.set(item, evidence::to_json(set));
    return json;
}

std::map<std::string, DigestSet> digests_from_json(const Json& json,
                                                   const std::vector<std::string>& items) {
    std::map<std::string, DigestSet> digests;
    for (const auto& [item, set] : json.members()) {
        // An item that is digested but not named would escape the relevance tags.
        if (!contains(items, item)) fail("digests only of items of the event");
        digests.emplace(item, digest_set_from_json(set, item));
    }
    return digests;
}

std::vector<std::string> items_from_json(const Json& json) {
    if (json.items().size() > event_max_items) fail("at most 4096 items");
    std::vector<std::string> items;
    for (const Json& item : json.items()) {
        if (!is_item_id(item.string())) fail("item ids as items");
        items.push_back(item.string());
    }
    std::vector<std::string> folded;
    for (const std::string& item : items) folded.push_back(fold_case(item));
    std::sort(folded.begin(), folded.end());
    if (std::adjacent_find(folded.begin(), folded.end()) != folded.end()) fail("no item twice");
    return items;
}

Actor read_actor(const Json& json) {
    Actor actor;
    actor.name = json.at("name").string();
    actor.organization = json.at("organization").string();
    actor.role = json.at("role").string();
    std::size_t members = 3;
    if (json.find("certificate_sha256") || json.find("algorithm")) {
        actor.certificate_sha256 = hex_member(json, "certificate_sha256", 64);
        actor.algorithm = json.at("algorithm").string();
        if (!contains(algorithms, actor.algorithm)) fail("a signature algorithm of the format");
        members = 5;
    }
    if (json.members().size() != members) fail("only the members of an actor");
    return actor;
}

// Recursion is bounded: the value came out of a parser with a depth limit, or from our own code.
std::size_t depth_of(const Json& json) {
    std::size_t deepest = 0;
    if (json.is_array()) {
        for (const Json& item : json.items()) deepest = std::max(deepest, depth_of(item));
    } else if (json.is_object()) {
        for (const auto& [key, member] : json.members()) {
            deepest = std::max(deepest, depth_of(member));
        }
    }
    return deepest + 1;
}

void read_times(Event& event, const Json& json) {
    event.at = time_from_json(json.at("at"));
    event.zone = json.at("zone").string();
    if (!is_zone_offset(event.zone)) fail("a zone like +07:00");
    event.clock = json.at("clock").string();
    if (!contains(clocks, event.clock)) fail("system, ntp or manual as clock");
    if (const Json* recorded_at = json.find("recorded_at")) {
        event.recorded_at = time_from_json(*recorded_at);
        if (*event.recorded_at <= event.at) fail("recorded_at later than at");
    }
}

Event read_event(const Json& json) {
    if (json.at("format").string() != format_name) fail("the format evidence-event/1");
    Event event;
    event.ledger = hex_member(json, "ledger", 32);
    event.case_number = json.at("case").string();
    if (event.case_number.empty()) fail("a case number");
    event.seq = json.at("seq").size();
    event.type = json.at("type").string();
    if (!is_event_type_name(event.type)) fail("a type of letters a-z, digits and _");
    read_times(event, json);
    event.actor = read_actor(json.at("actor"));
    event.place = json.at("place").string();
    event.reason = json.at("reason").string();
    event.authority = json.at("authority").string();
    event.items = items_from_json(json.at("items"));
    if (const Json* before = json.find("digests_before")) {
        event.digests_before = digests_from_json(*before, event.items);
    }
    if (const Json* after = json.find("digests_after")) {
        event.digests_after = digests_from_json(*after, event.items);
    }
    event.detail = json.at("detail");
    if (!event.detail.is_object()) fail("an object as detail");
    if (depth_of(event.detail) >= event_max_depth) fail("at most 14 levels of nesting in detail");
    event.nonce = hex_member(json, "nonce", 32);
    return event;
}

bool is_control(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
    return sequence.size() == 2 && byte(0) == 0xC2 && byte(1) < 0xA0;  // C1: U+0080 to U+009F
}

}  // namespace

Json to_json(const Actor& actor) {
    Json json = Json::object(
        {{"name", actor.name}, {"organization", actor.organization}, {"role", actor.role}});
    if (actor.is_signed()) {
        json.set("algorithm", actor.algorithm);
        json.set("certificate_sha256", actor.certificate_sha256);
    }
    return json;
}

Actor actor_from_json(const Json& json, std::string_view where) {
    try {
        return read_actor(json);
    } catch (const Error& error) {
        throw Error(ErrorKind::malformed,
                    "not an actor: " + std::string(where) + " (" + error.message() + ")");
    }
}

// Written straight, in canonical order: reading a chain writes each of its events again.
std::string event_bytes(const Event& event) {
    std::string text;
    const auto member = [&text](std::string_view key) -> std::string& {
        return text.append(text.empty() ? "{\"" : ",\"").append(key).append("\":");
    };
    const auto add = [&member](std::string_view key, std::string_view value) {
        append_canonical_string(member(key), value);
    };
    append_canonical(member("actor"), to_json(event.actor));
    add("at", format_utc(event.at));
    add("authority", event.authority);
    add("case", event.case_number);
    add("clock", event.clock);
    append_canonical(member("detail"), event.detail);
    if (!event.digests_after.empty()) {
        append_canonical(member("digests_after"), to_json(event.digests_after));
    }
    if (!event.digests_before.empty()) {
        append_canonical(member("digests_before"), to_json(event.digests_before));
    }
    add("format", format_name);
    char separator = '[';
    member("items");
    for (const std::string& item : event.items) {
        append_canonical_string(text += separator, item);
        separator = ',';
    }
    text += event.items.empty() ? "[]" : "]";
    add("ledger", event.ledger);
    add("nonce", event.nonce);
    add("place", event.place);
    add("reason", event.reason);
    if (event.recorded_at) add("recorded_at", format_utc(*event.recorded_at));
    append_canonical(member("seq"), event.seq);
    add("type", event.type);
    add("zone", event.zone);
    return text += '}';
}

Event parse_event(std::string_view bytes, std::string_view where) {
    const Json json = parse_canonical(bytes, where);
    try {
        std::size_t length = 0;
        Event event = parse_event_prefix(json, bytes, length);
        if (length != bytes.size()) fail("nothing but the event");
        return event;
    } catch (const Error& error) {
        throw Error(ErrorKind::malformed,
                    "not a custody event: " + std::string(where) + " (" + error.message() + ")");
    }
}

Event parse_event_prefix(const Json& json, std::string_view text, std::size_t& length) {
    Event event = read_event(json);
    // What the parsed form cannot express (an unknown member, an empty optional one) is found by
    // writing the event again.
    const std::string again = event_bytes(event);
    if (again.size() > event_max_bytes) fail("at most 768 KiB");
    if (text.substr(0, again.size()) != again) fail("exactly the members of evidence-event/1");
    length = again.size();
    return event;
}

std::string signed_message(std::string_view event_bytes) {
    std::string message(format_name);
    message.append("\n").append(event_bytes);
    return message;
}

void require_plain_text(std::string_view text, std::string_view what) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t length = utf8_sequence_length(rest);
        if (length == 0 || is_control(rest.substr(0, length))) {
            throw Error(ErrorKind::usage, "unusable text: " + std::string(what) +
                                              " (expected UTF-8 without control characters)");
        }
        rest.remove_prefix(length);
    }
}

}  // namespace evidence
