// A custody event: who did what to which items, when, where and why (evidence-ledger(5), "Event").
// Its canonical JSON bytes are what is hashed and signed; this is the parsed form.
//
// Thread rule: plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/utc_time.h"
#include "custody/event_types.h"
#include "digest/digest.h"

namespace evidence {

// Together with the tags these leave room for one ledger line within json_max_line_bytes.
inline constexpr std::size_t event_max_bytes = 768 * 1024;
inline constexpr std::size_t event_max_items = 4096;
// One less than json_max_depth: a ledger line puts the event one level deeper.
inline constexpr std::size_t event_max_depth = json_max_depth - 1;

struct Actor {
    std::string name, organization, role;
    // Present exactly when the event is signed.
    std::string certificate_sha256, algorithm;

    bool is_signed() const { return !certificate_sha256.empty(); }
    bool operator==(const Actor&) const = default;
};

Json to_json(const Actor& actor);
// Error(malformed) for a missing, unknown or wrong member, quoting `where`.
Actor actor_from_json(const Json& json, std::string_view where);

// What the caller knows; the ledger adds ids, number, nonce and signer.
struct EventDraft {
    std::string type;
    std::vector<std::string> items;
    std::map<std::string, DigestSet> digests_before, digests_after;  // by item id
    Json detail = Json::object({});
    std::string place, reason, authority;
    std::optional<UtcTime> at;  // when it happened, if earlier than it is written down
};

struct Event {
    std::string ledger, case_number;
    std::uint64_t seq = 0;
    std::string type;
    UtcTime at;
    std::string zone, clock;
    std::optional<UtcTime> recorded_at;
    Actor actor;
    std::string place, reason, authority;
    std::vector<std::string> items;
    std::map<std::string, DigestSet> digests_before, digests_after;  // of `items` only
    Json detail = Json::object({});
    std::string nonce;

    // When it was written down, and so signed.
    UtcTime written_at() const { return recorded_at.value_or(at); }
};

// Canonical JSON, one line without newline.
std::string event_bytes(const Event& event);

// Error(malformed) unless `bytes` is a canonical event with exactly the members of the format.
Event parse_event(std::string_view bytes, std::string_view where);
// The same for an event inside a larger document: `json` is its parsed form and `text` begins with
// its bytes, whose length is returned in `length`. The error's message lacks the place: callers add
// it.
Event parse_event_prefix(const Json& json, std::string_view text, std::size_t& length);

// What an actor signs: "evidence-event/1\n" and the event's bytes.
std::string signed_message(std::string_view event_bytes);

// Error(usage) unless `text` is UTF-8 without control characters; `what` names it in the message.
void require_plain_text(std::string_view text, std::string_view what);

}  // namespace evidence
