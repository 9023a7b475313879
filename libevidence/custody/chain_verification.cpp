#include "custody/chain_verification.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "custody/event_signature.h"

namespace evidence {
namespace {

constexpr std::size_t max_counted_types = 1000;
constexpr std::size_t max_named_items = 10;
constexpr std::size_t max_waiting = 512;
constexpr std::size_t max_waiting_bytes = 4 * mib;

}  // namespace

struct ChainVerifier::State {
    ChainExpectations expectations;
    Findings& findings;
    EventSignatureChecker signatures{expectations, findings};
    ChainFacts facts;
    std::uint64_t next_seq = 0;
    bool placed = true;               // the line before is known, so the next one must continue it
    std::vector<LedgerLine> waiting;  // to have their signatures verified together
    std::size_t waiting_bytes = 0;

    State(ChainExpectations given, Findings& sink)
        : expectations(std::move(given)), findings(sink) {
        facts.link = first_link(expectations.ledger_id);
    }

    void fail(std::string code, std::string message, const std::string& where) {
        findings.add(std::move(code), Layer::custody, Weight::failed, std::move(message), where);
    }
    void check_waiting();
    void check_line(const LedgerLine& line, bool verified);
    void check_place(const LedgerLine& line, const std::string& where);
    void check_tags(const LedgerLine& line, const std::string& where);
    void check_identity(const LedgerLine& line, const std::string& where);
    void check_signature(const LedgerLine& line, bool verified, const std::string& where);
    void check_need(const LedgerLine& line, const std::string& where);
    void check_shown(const LedgerLine& line, bool verified, const std::string& where);
    void check_withheld(const LedgerLine& line, const std::string& where);
    void report_relevance();
};

void ChainVerifier::State::check_place(const LedgerLine& line, const std::string& where) {
    if (line.seq != next_seq && placed) {
        fail("custody.gap",
             "event " + std::to_string(line.seq) + " stands where event " +
                 std::to_string(next_seq) + " was expected",
             where);
        placed = false;
    }
    const Sha256 digest = event_digest(line.tags, line.event_bytes_digest);
    if (placed && next_link(facts.link, digest) != line.link) {
        fail("custody.link-broken",
             "its link does not follow from its bytes, its tags and the event before", where);
    }
    // Going on from the link as stated finds each break once.
    facts.link = line.link;
    next_seq = line.seq + 1;
    placed = true;
}

void ChainVerifier::State::check_identity(const LedgerLine& line, const std::string& where) {
    const Event& event = *line.event;
    if (event.ledger != expectations.ledger_id) {
        fail("custody.wrong-ledger",
             "it belongs to ledger " + event.ledger + ", not to " + expectations.ledger_id, where);
    }
    if (expectations.any_case) {
        expectations.any_case = false;
        expectations.case_number = event.case_number;
    }
    if (event.case_number != expectations.case_number) {
        fail("custody.wrong-case",
             "it belongs to case " + event.case_number + ", not to " + expectations.case_number,
             where);
    }
    if ((event.type == "open") != (event.seq == 0)) {
        fail("custody.open-missing",
             "it is of type " + event.type + " (event 0, and no other, opens a ledger)", where);
    }
}

void ChainVerifier::State::check_signature(const LedgerLine& line, bool verified,
                                           const std::string& where) {
    using Outcome = EventSignatureChecker::Outcome;
    const Outcome outcome = signatures.check(line, verified, where);
    if (outcome == Outcome::unsigned_event) ++facts.unsigned_events;
    if (outcome == Outcome::verified || outcome == Outcome::trusted) {
        facts.signers.insert(line.signer);
    }
    if (outcome == Outcome::trusted) facts.trusted_signers.insert(line.signer);
}

// Events about other items, or about none, may tell what this reader is not to know.
void ChainVerifier::State::check_need(const LedgerLine& line, const std::string& where) {
    const Event& event = *line.event;
    const auto is_inside = [this](const std::string& item) {
        return expectations.items.contains(item);
    };
    if (event.type == "open" ||
        (!event.items.empty() && std::all_of(event.items.begin(), event.items.end(), is_inside)))
        return;
    fail("custody.shown-without-need", "it is shown, but not about items of the package alone",
         where);
}

void ChainVerifier::State::check_shown(const LedgerLine& line, bool verified,
                                       const std::string& where) {
    check_identity(line, where);
    check_signature(line, verified, where);
    if (expectations.of_package) check_need(line, where);
    const Event& event = *line.event;
    if (expectations.not_later_than && event.written_at() > *expectations.not_later_than) {
        findings.add("time.inconsistent", Layer::time, Weight::failed,
                     "written at " + format_utc(event.written_at()) + ", later than " +
                         format_utc(*expectations.not_later_than),
                     where);
    }
    if (line.tags.size() != tag_count_for(event.items.size()) * tag_bytes) {
        fail("custody.tags-wrong", "the number of tags does not fit its number of items", where);
    }
    for (const std::string& item : event.items) {
        const auto key = expectations.item_keys.find(item);
        if (key == expectations.item_keys.end()) continue;
        if (!has_tag(line.tags, relevance_tag(key->second, expectations.ledger_id, line.seq))) {
            fail("custody.tags-wrong", "the tag of its item " + item + " is not among its tags",
                 where);
        }
    }
    auto& types = facts.event_types;
    const bool countable = types.size() < max_counted_types || types.contains(event.type);
    ++types[countable ? event.type : "(others)"];
}

void ChainVerifier::State::check_withheld(const LedgerLine& line, const std::string& where) {
    ++facts.withheld;
    if (line.seq == 0) {
        fail("custody.open-missing", "the event that opens the ledger is withheld", where);
    }
    for (const auto& [item, key] : expectations.item_keys) {
        if (has_tag(line.tags, relevance_tag(key, expectations.ledger_id, line.seq))) {
            if (expectations.of_disclosure) {
                findings.add("custody.event-shared", Layer::custody, Weight::warning,
                             "a withheld event concerns item " + item + ", and others maybe",
                             where);
                continue;
            }
            fail("custody.hidden-event", "a withheld event concerns item " + item, where);
        }
    }
}

void ChainVerifier::State::report_relevance() {
    if (facts.withheld == 0) return;
    std::string names;
    std::size_t count = 0;
    for (const std::string& item : expectations.items) {
        if (expectations.item_keys.contains(item)) continue;
        if (++count <= max_named_items) names.append(names.empty() ? "" : ", ").append(item);
    }
    if (count == 0) return;
    if (count > max_named_items) names += ", ..";
    findings.add("custody.relevance-not-provable", Layer::custody, Weight::warning,
                 "without their keys it cannot be shown that none of " +
                     std::to_string(facts.withheld) + " withheld events concerns " +
                     std::to_string(count) + (count == 1 ? " item: " : " items: ") + names);
}

ChainVerifier::ChainVerifier(ChainExpectations expectations, Findings& findings)
    : state_(std::make_unique<State>(std::move(expectations), findings)) {}

ChainVerifier::~ChainVerifier() = default;

void ChainVerifier::add(const LedgerLine& line) {
    State& state = *state_;
    if (line.signer.empty() && state.waiting.empty()) return state.check_line(line, false);
    state.waiting.push_back(line);
    state.waiting_bytes += line.event_bytes.size() + line.tags.size();
    if (state.waiting.size() == max_waiting || state.waiting_bytes >= max_waiting_bytes) {
        state.check_waiting();
    }
}

void ChainVerifier::State::check_waiting() {
    const std::vector<LedgerLine> lines = std::exchange(waiting, {});
    waiting_bytes = 0;
    const std::vector<char> verified = signatures.verify(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) check_line(lines[i], verified[i] != 0);
}

void ChainVerifier::State::check_line(const LedgerLine& line, bool verified) {
    const std::string where = "event " + std::to_string(line.seq);
    ++facts.events;
    check_place(line, where);
    if (!is_tag_list(line.tags)) {
        fail("custody.tags-wrong", "its tags are not a sorted list of eights", where);
    }
    if (line.event) {
        check_shown(line, verified, where);
    } else {
        check_withheld(line, where);
    }
}

void ChainVerifier::add_malformed(std::string message) {
    state_->check_waiting();
    ++state_->facts.events;
    state_->fail("custody.event-malformed", std::move(message),
                 "event " + std::to_string(state_->next_seq));
    state_->placed = false;
}

ChainFacts ChainVerifier::finish() {
    state_->check_waiting();
    ChainFacts& facts = state_->facts;
    if (facts.events == 0) {
        state_->fail("custody.open-missing", "the ledger has no event", "");
    }
    if (facts.unsigned_events > 0) {
        const bool one = facts.unsigned_events == 1;
        state_->findings.add("custody.unsigned-events", Layer::custody,
                             state_->expectations.weight_of_unsigned,
                             std::to_string(facts.unsigned_events) +
                                 (one ? " event is not signed" : " events are not signed") +
                                 ": who wrote is only said, not shown");
    }
    state_->report_relevance();
    return facts;
}

}  // namespace evidence
