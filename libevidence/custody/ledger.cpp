#include "custody/ledger.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "custody/event_writer.h"
#include "custody/ledger_creation.h"
#include "custody/ledger_store.h"
#include "custody/ledger_tables.h"

namespace evidence {
namespace {

EventDraft about_one(const EventDraft& draft, const std::string& item) {
    EventDraft one = draft;
    one.items = {item};
    std::erase_if(one.digests_before, [&](const auto& entry) { return entry.first != item; });
    std::erase_if(one.digests_after, [&](const auto& entry) { return entry.first != item; });
    return one;
}

}  // namespace

struct Ledger::State {
    fs::path path;
    LedgerStore store;
    bool read_only = false;
    std::string id, case_number, journal_mode;
    std::optional<ChainTail> checked_tail;  // seen to continue the chain
    // The signer whose certificates this object has stored last.
    std::optional<Certificate> stored_signer;
    std::size_t stored_chain_length = 0;

    State(fs::path path_given, LedgerStore store_given);
    ChainTail tail();
    void check_tail(const ChainTail& tail);
    ChainTail checked();
    void require_writable() const;
    void require_own(const CheckpointRow& row) const;
    void check_append(const EventDraft& draft, const EventAuthor& author,
                      const Context& context) const;
    LedgerLine write(const EventDraft& draft, const EventAuthor& author, const ChainTail& tail,
                     const std::optional<ItemRow>& new_item, const Context& context);
    void remember(const LedgerLine& line, const EventAuthor& author);
    std::vector<ItemKey> keys_of(const std::vector<std::string>& items,
                                 const std::optional<ItemRow>& new_item);
    [[noreturn]] void fail_damaged(std::string_view expected) const;
};

Ledger::State::State(fs::path path_given, LedgerStore store_given)
    : path(std::move(path_given)), store(std::move(store_given)) {
    Query query(store.statement("SELECT id, case_number, journal_mode FROM ledger"));
    if (!query.next()) fail_damaged("the identity of a ledger");
    id = query.text(0, 32);
    case_number = query.text(1, case_number_max_bytes);
    journal_mode = query.text(2, 16);
    if (!is_hex(id, 32)) fail_damaged("32 hexadecimal digits as its id");
}

void Ledger::State::fail_damaged(std::string_view expected) const {
    throw Error(ErrorKind::malformed,
                "ledger is damaged: " + path.native() + " (expected " + std::string(expected) + ")",
                "nothing was written; keep the file as it is and let evidence-verify examine it");
}

void Ledger::State::require_writable() const {
    if (!read_only) return;
    throw Error(ErrorKind::usage, "ledger is open for reading only: " + path.native() +
                                      " (expected the case's own ledger)");
}

void Ledger::State::require_own(const CheckpointRow& row) const {
    if (row.text.origin == ledger_origin(id)) return;
    throw Error(ErrorKind::usage, "checkpoint of another ledger: " + row.text.origin +
                                      " (expected " + ledger_origin(id) + ")");
}

ChainTail Ledger::State::tail() {
    const std::optional<ChainTail> tail = select_tail(store);
    if (!tail) fail_damaged("at least the open event");
    return *tail;
}

// The last event must be the right one for its place and continue the one before it. The rest of
// the chain is verified by evidence-verify, not at every append.
void Ledger::State::check_tail(const ChainTail& tail) {
    if (checked_tail == tail) return;
    Sha256 previous = first_link(id);
    std::uint64_t seq = tail.size < 2 ? 0 : tail.size - 2;
    select_lines(store, seq, tail.size, [&](const LedgerLine& line) {
        if (line.seq != seq) fail_damaged("events without gaps");
        if (line.event->ledger != id || line.event->case_number != case_number) {
            fail_damaged("events of this ledger and case");
        }
        if (++seq < tail.size) {
            previous = line.link;
            return;
        }
        if (next_link(previous, event_digest(line.tags, line.event_bytes_digest)) != tail.link) {
            fail_damaged("a last event that continues the chain");
        }
    });
    if (seq != tail.size) fail_damaged("events without gaps");
    checked_tail = tail;
}

std::vector<ItemKey> Ledger::State::keys_of(const std::vector<std::string>& items,
                                            const std::optional<ItemRow>& new_item) {
    std::vector<ItemKey> keys;
    for (const std::string& item : items) {
        if (new_item && item == new_item->id) {
            keys.push_back(new_item->key);
        } else if (const std::optional<ItemRow> row = select_item(store, item)) {
            keys.push_back(row->key);
        } else {
            throw Error(ErrorKind::not_found,
                        "unknown item: " + item + " (expected an item of the case)");
        }
    }
    return keys;
}

ChainTail Ledger::State::checked() {
    const ChainTail found = tail();
    check_tail(found);
    return found;
}

void Ledger::State::check_append(const EventDraft& draft, const EventAuthor& author,
                                 const Context& context) const {
    require_writable();
    if (draft.type == "open") {
        throw Error(ErrorKind::usage, "ledger is open already: " + path.native() +
                                          " (expected another event type than open)");
    }
    check_draft(draft, author, context.clock.now());
}

// Within a transaction: writes the event that follows `tail`.
LedgerLine Ledger::State::write(const EventDraft& draft, const EventAuthor& author,
                                const ChainTail& tail, const std::optional<ItemRow>& new_item,
                                const Context& context) {
    const LedgerPosition position{id, case_number, tail.size, tail.link};
    LedgerLine line = write_event(draft, author, position, keys_of(draft.items, new_item), context);
    const bool is_stored = author.identity && stored_signer == author.identity->certificate &&
                           stored_chain_length == author.identity->chain.size();
    if (author.identity && !is_stored) insert_signer(store, *author.identity);
    insert_line(store, line);
    return line;
}

// After the commit.
void Ledger::State::remember(const LedgerLine& line, const EventAuthor& author) {
    checked_tail = ChainTail{line.seq + 1, line.link};
    if (!author.identity) return;
    stored_signer = author.identity->certificate;
    stored_chain_length = author.identity->chain.size();
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;

Ledger Ledger::create(const fs::path& path, std::string_view case_number,
                      const EventDraft& open_event, const EventAuthor& author,
                      const Context& context) {
    require_plain_text(case_number, "case number");
    if (case_number.empty() || case_number.size() > case_number_max_bytes) {
        throw Error(
            ErrorKind::usage,
            "unusable case number: " + std::string(case_number.substr(0, case_number_max_bytes)) +
                " (expected 1 to 256 bytes)");
    }
    EventDraft draft = open_event;
    draft.type = "open";
    check_draft(draft, author, context.clock.now());
    create_ledger_file(path, case_number, draft, author, context);
    return open(path);
}

Ledger Ledger::open(const fs::path& path) {
    auto state = std::make_unique<State>(path, LedgerStore::open(path));
    state->check_tail(state->tail());
    return Ledger(std::move(state));
}

Ledger Ledger::open_foreign(const fs::path& path) {
    auto state = std::make_unique<State>(path, LedgerStore::open_foreign(path));
    state->read_only = true;
    return Ledger(std::move(state));
}

const std::string& Ledger::id() const { return state_->id; }
const std::string& Ledger::case_number() const { return state_->case_number; }
std::string Ledger::journal_mode() const { return state_->journal_mode; }

CheckpointText Ledger::head() const {
    const ChainTail tail = state_->tail();
    return {ledger_origin(state_->id), tail.size, tail.link};
}

LedgerLine Ledger::append(const EventDraft& draft, const EventAuthor& author,
                          const Context& context, std::optional<ItemRow> new_item) {
    if (draft.items.size() > 1) {
        throw Error(ErrorKind::usage, "event about several items: " + draft.type +
                                          " (expected one event for each item)");
    }
    state_->check_append(draft, author, context);
    if (new_item && draft.items != std::vector<std::string>{new_item->id}) {
        throw Error(ErrorKind::usage, "event about another item than the new one, " + new_item->id);
    }
    WriteTransaction transaction(state_->store);
    if (new_item && item_id_taken(new_item->id)) {
        throw Error(ErrorKind::exists, "item exists: " + new_item->id + " (expected a new id)",
                    "ids are compared without regard to case; an item is never replaced");
    }
    const ChainTail tail = state_->checked();
    LedgerLine line = state_->write(draft, author, tail, new_item, context);
    if (new_item) {
        new_item->acquire_seq = line.seq;
        insert_item(state_->store, *new_item);
    }
    transaction.commit();
    state_->remember(line, author);
    return line;
}

std::vector<LedgerLine> Ledger::append_each(const EventDraft& draft, const EventAuthor& author,
                                            const Context& context,
                                            const LedgerEnclosures& enclosures) {
    state_->check_append(draft, author, context);
    if (enclosures.checkpoint) state_->require_own(*enclosures.checkpoint);
    std::vector<EventDraft> drafts;
    for (const std::string& item : draft.items) drafts.push_back(about_one(draft, item));
    if (drafts.empty()) drafts.push_back(draft);
    WriteTransaction transaction(state_->store);
    ChainTail tail = state_->checked();
    std::vector<LedgerLine> lines;
    for (const EventDraft& one : drafts) {
        lines.push_back(state_->write(one, author, tail, std::nullopt, context));
        tail = {lines.back().seq + 1, lines.back().link};
    }
    if (enclosures.checkpoint) insert_checkpoint(state_->store, *enclosures.checkpoint);
    if (enclosures.statement) insert_statement(state_->store, *enclosures.statement);
    transaction.commit();
    state_->remember(lines.back(), author);
    return lines;
}

std::optional<ItemRow> Ledger::find_item(std::string_view id) const {
    return select_item(state_->store, id);
}

bool Ledger::item_id_taken(std::string_view id) const {
    return select_item_id_taken(state_->store, id);
}

std::vector<ItemRow> Ledger::items() const { return select_items(state_->store); }

void Ledger::visit(std::uint64_t first, std::uint64_t end, const LineVisitor& visitor) const {
    select_lines(state_->store, first, end, visitor);
}

void Ledger::visit_foreign(const LineVisitor& visitor, const MalformedVisitor& malformed) const {
    select_lines(state_->store, 0, UINT64_MAX, visitor, malformed);
}

std::vector<Certificate> Ledger::signer_chain(std::string_view fingerprint) const {
    return select_signer_chain(state_->store, fingerprint);
}

std::vector<std::string> Ledger::signers() const { return select_signers(state_->store); }

void Ledger::add_checkpoint(const CheckpointRow& row) {
    state_->require_writable();
    state_->require_own(row);
    WriteTransaction transaction(state_->store);
    insert_checkpoint(state_->store, row);
    transaction.commit();
}

std::vector<CheckpointRow> Ledger::checkpoints() const {
    return select_checkpoints(state_->store, state_->id);
}

void Ledger::add_statement(const StatementRow& row) {
    state_->require_writable();
    WriteTransaction transaction(state_->store);
    insert_statement(state_->store, row);
    transaction.commit();
}

std::vector<StatementRow> Ledger::statements(std::string_view transfer) const {
    return select_statements(state_->store, transfer);
}

void Ledger::visit_statements(const std::function<void(const StatementRow&)>& visitor) const {
    select_all_statements(state_->store, visitor);
}

std::string ledger_origin(std::string_view ledger_id) {
    return "evidence-ledger/1/" + std::string(ledger_id);
}

}  // namespace evidence
