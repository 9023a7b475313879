#include "verification/event_history.h"

#include <algorithm>
#include <array>

#include "verification/item_facts.h"

namespace evidence {
namespace {

ShownEvent shown(const Event& event) {
    ShownEvent kept;
    kept.seq = event.seq;
    kept.type = event.type;
    kept.at = event.at;
    kept.actor_name = kept_text(event.actor.name);
    kept.actor_organization = kept_text(event.actor.organization);
    kept.is_signed = event.actor.is_signed();
    kept.place = kept_text(event.place);
    kept.reason = kept_text(event.reason);
    kept.authority = kept_text(event.authority);
    const std::size_t count = std::min(event.items.size(), ShownEvent::max_items);
    kept.items.assign(event.items.begin(),
                      event.items.begin() + static_cast<std::ptrdiff_t>(count));
    kept.item_count = event.items.size();
    return kept;
}

using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view type, Names names) {
    return std::find(names.begin(), names.end(), type) != names.end();
}

bool starts_with_one_of(std::string_view type, Names beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [type](std::string_view begin) { return type.starts_with(begin); });
}

}  // namespace

void EventHistory::add(const Event& event) {
    ++count_;
    if (first_.size() < kept_at_each_end) {
        first_.push_back(shown(event));
        return;
    }
    last_.push_back(shown(event));
    if (last_.size() > kept_at_each_end) last_.pop_front();
}

EventGroup group_of(std::string_view type) {
    if (type.starts_with("acquire") ||
        is_one_of(type, {"identify", "collect", "preserve", "produce", "search_extend", "seize",
                         "copy", "render_inaccessible", "remove"}))
        return EventGroup::acquisition;
    if (is_one_of(type, {"seal", "disclose", "renew", "checkpoint", "unseal"}))
        return EventGroup::sealing;
    if (is_one_of(type, {"offer", "dispatch", "receive", "receipt", "refuse", "close", "hand_over",
                         "receipt_signed", "return", "release_to_owner"}))
        return EventGroup::transfer;
    if (is_one_of(type, {"verify_ok", "verify_failed", "discrepancy"}))
        return EventGroup::verification;
    if (starts_with_one_of(
            type, {"preservation_", "request_", "condition_", "use_", "onward_", "confidentiality_",
                   "spontaneous_", "traffic_", "third_state_", "exculpatory_", "formal_"}) ||
        is_one_of(type, {"translate", "certify"}))
        return EventGroup::legal;
    return EventGroup::handling;
}

}  // namespace evidence
