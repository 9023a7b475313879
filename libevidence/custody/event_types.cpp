#include "custody/event_types.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.h"

namespace evidence {
namespace {

using enum EventWriter;

constexpr std::string_view toolkit = "this toolkit";
constexpr std::string_view iso_27037 = "ISO/IEC 27037";
constexpr std::string_view search = "UNCC 27-28; Budapest 18-19";
constexpr std::string_view preservation = "UNCC 25, 42; Budapest 16, 29; EU 2023/1543";
constexpr std::string_view partial = "UNCC 26, 43; Budapest 17, 30";
constexpr std::string_view examination = "ISO/IEC 27037; ACPO 1-3";
constexpr std::string_view handover = "NIST chain of custody form; RFC 3227";
constexpr std::string_view request = "UNTOC 18(16)-(26); Budapest 27";
constexpr std::string_view conditions = "UNTOC 18(19), (26); Budapest 28; UNCC 36";
constexpr std::string_view secrecy = "UNTOC 18(20); Budapest 27(8)";
constexpr std::string_view spontaneous = "UNTOC 18(4)-(5); Budapest 26";
constexpr std::string_view formality = "UNTOC 18(14); Budapest 25(3)";
constexpr std::string_view disposal = "NIST chain of custody form; CETS 224 art. 14";

constexpr std::array types = std::to_array<EventType>({
    {"open", tool, toolkit},
    {"acquire", tool, iso_27037},
    {"acquire_failed", tool, toolkit},
    {"acquire_resumed", tool, toolkit},
    {"seal", tool, toolkit},
    {"disclose", tool, toolkit},
    {"renew", tool, toolkit},
    {"offer", tool, toolkit},
    {"dispatch", either, handover},
    {"receive", either, handover},
    {"receipt", tool, toolkit},
    {"refuse", tool, toolkit},
    {"close", tool, toolkit},
    {"verify_ok", tool, toolkit},
    {"verify_failed", tool, toolkit},
    {"checkpoint", tool, toolkit},
    {"correction", person, toolkit},
    {"identify", person, iso_27037},
    {"collect", person, iso_27037},
    {"preserve", person, iso_27037},
    {"produce", person, search},
    {"search_extend", person, search},
    {"seize", person, search},
    {"copy", person, search},
    {"render_inaccessible", person, search},
    {"remove", person, search},
    {"preservation_requested", person, preservation},
    {"preservation_ordered", person, preservation},
    {"preservation_started", person, preservation},
    {"preservation_renewed", person, preservation},
    {"preservation_expiring", person, preservation},
    {"preservation_held_pending_mla", person, preservation},
    {"preservation_released", person, preservation},
    {"traffic_partial_disclosed", person, partial},
    {"third_state_provider_notified", person, partial},
    {"intake", person, iso_27037},
    {"label", person, iso_27037},
    {"unseal", person, toolkit},
    {"store", person, iso_27037},
    {"move", person, iso_27037},
    {"check_out", person, iso_27037},
    {"check_in", person, iso_27037},
    {"access", person, examination},
    {"export", person, examination},
    {"analyse", person, examination},
    {"derive", person, toolkit},
    {"redact", person, toolkit},
    {"decrypt", person, examination},
    {"unavoidable_change", person, examination},
    {"hand_over", person, handover},
    {"receipt_signed", person, handover},
    {"discrepancy", person, handover},
    {"return", person, handover},
    {"request_sent", person, request},
    {"request_acknowledged", person, request},
    {"request_more_info", person, request},
    {"request_accepted", person, request},
    {"request_conditional", person, request},
    {"request_postponed", person, request},
    {"request_refused", person, request},
    {"request_executed", person, request},
    {"request_withdrawn", person, request},
    {"request_progress", person, request},
    {"condition_set", person, conditions},
    {"condition_accepted", person, conditions},
    {"condition_declined", person, conditions},
    {"use_consent_requested", person, conditions},
    {"use_consent_granted", person, conditions},
    {"exculpatory_notice", person, conditions},
    {"use_report", person, conditions},
    {"onward_authorized", person, conditions},
    {"onward_denied", person, conditions},
    {"confidentiality_set", person, secrecy},
    {"confidentiality_cannot_comply", person, secrecy},
    {"confidentiality_lifted", person, secrecy},
    {"spontaneous_info_sent", person, spontaneous},
    {"spontaneous_info_received", person, spontaneous},
    {"translate", person, formality},
    {"certify", person, formality},
    {"formal_confirmation", person, formality},
    {"key_rotated", person, toolkit},
    {"incident", person, disposal},
    {"dispose", person, disposal},
    {"release_to_owner", person, disposal},
});

constexpr std::size_t name_max_length = 64;

// Letters to insert, delete or replace to get from one word to the other (Levenshtein).
std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

std::string nearest_names(std::string_view name) {
    constexpr std::size_t shown = 3;
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    for (const EventType& type : types) {
        const bool part = !name.empty() && type.name.find(name) != std::string_view::npos;
        ranked.emplace_back(part ? 0 : edit_distance(name, type.name), type.name);
    }
    std::partial_sort(ranked.begin(), ranked.begin() + shown, ranked.end());
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        text.append(i == 0 ? "" : ", ").append(ranked[i].second);
    }
    return text;
}

}  // namespace

std::span<const EventType> event_types() { return types; }

const EventType* find_event_type(std::string_view name) {
    const auto position = std::find_if(types.begin(), types.end(),
                                       [&](const EventType& type) { return type.name == name; });
    return position == types.end() ? nullptr : &*position;
}

bool is_event_type_name(std::string_view text) {
    if (text.empty() || text.size() > name_max_length) return false;
    if (text[0] < 'a' || text[0] > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

const EventType& require_event_type(std::string_view name) {
    if (const EventType* type = find_event_type(name)) return *type;
    const std::string_view quoted = name.substr(0, name_max_length);
    throw Error(
        ErrorKind::usage,
        "unknown event type: " + std::string(quoted) + " (expected a type of evidence-ledger(5))",
        "the nearest are " + nearest_names(quoted));
}

}  // namespace evidence
