#include "verification/event_times.h"

#include <algorithm>
#include <array>

#include "signature/timestamp_token.h"

namespace evidence {
namespace {

constexpr std::int64_t day_ms = std::int64_t{24} * 60 * 60 * 1000;

// What takes an item out of the place where it is kept, and what brings it to one.
constexpr std::array<std::string_view, 1> leaving = {"check_out"};
constexpr std::array<std::string_view, 8> arriving = {
    "check_in", "return", "store", "intake", "move", "receive", "receipt_signed", "hand_over"};

template <typename Names>
bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string place_of(std::uint64_t seq) { return "event " + std::to_string(seq); }

}  // namespace

void EventTimes::warn(std::string code, std::string message, std::uint64_t seq) {
    findings_.add(std::move(code), Layer::custody, Weight::warning, std::move(message),
                  place_of(seq));
}

void EventTimes::add(const Event& event) {
    const UtcTime written = event.written_at();
    if (last_written_ &&
        written.milliseconds + time_stamp_tolerance_ms < last_written_->milliseconds) {
        warn("custody.gap-in-time",
             "written down at " + format_utc(written) + ", before event " +
                 std::to_string(last_seq_) + " in front of it, " + format_utc(*last_written_),
             event.seq);
    }
    if (written.milliseconds - event.at.milliseconds > day_ms) {
        warn("custody.recorded-late",
             "it happened at " + format_utc(event.at) + " and was written down at " +
                 format_utc(written),
             event.seq);
    }
    last_written_ = written;
    last_seq_ = event.seq;
    note_place(event);
}

void EventTimes::note_place(const Event& event) {
    const bool leaves = holds(leaving, event.type), arrives = holds(arriving, event.type);
    if (!leaves && !arrives) return;
    for (const std::string& item : event.items) {
        if (leaves) {
            out_.insert_or_assign(item, Absence{event.seq, event.at});
        } else {
            out_.erase(item);
        }
    }
}

void EventTimes::finish(UtcTime until, bool is_going_on) {
    for (const auto& [item, absence] : out_) {
        findings_.add("custody.gap-in-time", Layer::custody,
                      is_going_on ? Weight::info : Weight::warning,
                      item + " was given out at " + format_utc(absence.since) + ", and until " +
                          format_utc(until) + " no event says that it came back",
                      place_of(absence.seq));
    }
}

}  // namespace evidence
