#include "verification/legal_check.h"

namespace evidence {
namespace {

constexpr std::string_view begins[] = {"preservation_ordered", "preservation_started",
                                       "preservation_renewed"};
constexpr std::string_view held = "preservation_held_pending_mla";
constexpr std::string_view released = "preservation_released";

std::optional<UtcTime> parse_expiry(const std::string& text) {
    constexpr std::size_t date_length = 10;
    return parse_utc(text.size() == date_length ? text + "T23:59:59.999Z" : text);
}

std::string text_at(const Json& object, std::string_view key) {
    const Json* member = object.find(key);
    return member && member->is_string() ? member->string() : std::string();
}

bool begins_preservation(std::string_view type) {
    for (std::string_view name : begins) {
        if (name == type) return true;
    }
    return false;
}

}  // namespace

void add_conditions(const Json& conditions, const std::string& where, Findings& findings) {
    if (!conditions.is_array()) return;
    for (const Json& condition : conditions.items()) {
        const std::string kind = text_at(condition, "kind"), text = text_at(condition, "text");
        findings.add("legal.condition", Layer::legal, Weight::warning,
                     text.empty() ? kind : kind + ": " + text, where);
    }
}

void PreservationClock::add(const Event& event) {
    for (const std::string& item : event.items) note(event, item);
    if (event.type != "acquire") return;
    for (const std::string& item : event.items) check(item, event.at, "acquired");
}

void PreservationClock::note(const Event& event, const std::string& item) {
    if (event.type == released) {
        saw_any_ = true;
        running_.erase(item);
    } else if (event.type == held) {
        saw_any_ = true;
        running_.insert_or_assign(item, Preservation{std::nullopt, event.seq});
    } else if (begins_preservation(event.type)) {
        saw_any_ = true;
        const Json* expires = event.detail.find("expires_at");
        if (!expires) return;  // for how long is not said
        const auto time = expires->is_string() ? parse_expiry(expires->string()) : std::nullopt;
        if (!time) {
            findings_.add("legal.preservation-unclear", Layer::legal, Weight::warning,
                          "detail.expires_at is no time in UTC",
                          "event " + std::to_string(event.seq));
            return;
        }
        running_.insert_or_assign(item, Preservation{time, event.seq});
    }
}

void PreservationClock::check(const std::string& item, UtcTime at, const std::string& what) {
    const auto found = running_.find(item);
    if (found == running_.end() || !found->second.expires_at || at <= *found->second.expires_at) {
        return;
    }
    findings_.add("legal.preservation-expired", Layer::legal, Weight::warning,
                  item + " was " + what + " at " + format_utc(at) +
                      ", but its preservation ended at " + format_utc(*found->second.expires_at),
                  "event " + std::to_string(found->second.seq));
}

void PreservationClock::finish(UtcTime until) {
    for (const auto& [item, preservation] : running_) check(item, until, "still held");
}

}  // namespace evidence
