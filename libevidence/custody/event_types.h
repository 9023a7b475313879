// The vocabulary of custody events, with the source of each word (evidence-ledger(5), "Types").
#pragma once

#include <span>
#include <string_view>

namespace evidence {

enum class EventWriter {
    tool,    // written only by the command that does the thing
    person,  // written down by hand with evidence-custody record
    either,
};

struct EventType {
    std::string_view name;
    EventWriter writer;
    std::string_view source;
};

std::span<const EventType> event_types();

// The type of that name, or nullptr. What we write is known; what we read may be newer.
const EventType* find_event_type(std::string_view name);

// [a-z][a-z0-9_]{0,63}: what readers accept as a type.
bool is_event_type_name(std::string_view text);

// Error(usage) for an unknown type; its hint names the nearest known ones.
const EventType& require_event_type(std::string_view name);

}  // namespace evidence
