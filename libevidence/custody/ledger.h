// The custody ledger of a case: an append-only SQLite store whose truth is the hash chain
// (evidence-ledger(5)). An event is acknowledged only after its transaction is durable; several
// processes may append at once and queue for it.
//
// Thread rule: one Ledger object per thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/context.h"
#include "base/file.h"
#include "custody/chain.h"
#include "custody/event.h"
#include "custody/ledger_line.h"
#include "signature/identity.h"

namespace evidence {

inline constexpr std::size_t case_number_max_bytes = 256;

// Who stands behind an event. Without an identity the event is unsigned, and counted as such.
struct EventAuthor {
    Actor actor;                                // name, organization, role
    const SigningIdentity* identity = nullptr;  // not owned
};

// An item of the case as the store keeps it.
struct ItemRow {
    std::string id;
    ItemKey key{};
    std::uint64_t acquire_seq = 0;   // its acquire event
    std::string acquisition_sha256;  // of items/<id>/acquisition.json
};

struct CheckpointRow {
    CheckpointText text;
    UtcTime made_at;
    Bytes signature;  // CMS over the text; empty when another signature covers it
};

// A signed transfer statement this side made or received.
struct StatementRow {
    std::string transfer, kind;  // kind: offer, receipt, refusal, close
    std::string document;        // canonical JSON with its newline
    Bytes signature;
};

// What enters the ledger together with events, or not at all.
struct LedgerEnclosures {
    std::optional<CheckpointRow> checkpoint;
    std::optional<StatementRow> statement;
};

class Ledger {
public:
    // Creates the store with its `open` event (number 0). Error(exists) when there is one.
    static Ledger create(const fs::path& path, std::string_view case_number,
                         const EventDraft& open_event, const EventAuthor& author,
                         const Context& context);
    // For the case's own work: read and append. Checks application id, version and schema text.
    static Ledger open(const fs::path& path);
    // A database of unknown origin: read-only, immutable, defensive settings. Error(malformed) when
    // it is not a ledger of this format.
    static Ledger open_foreign(const fs::path& path);
    ~Ledger();
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;

    const std::string& id() const;
    const std::string& case_number() const;
    CheckpointText head() const;
    std::string journal_mode() const;  // "wal" or "delete", as detected at creation

    // Appends one event durably and returns its line. `new_item` enters the item table in the same
    // transaction (its acquire_seq is filled in). Error(exists) when that item id is taken (also
    // case-folded), Error(not_found) for an unknown item, Error(malformed) when the last row does
    // not continue the chain, Error(usage) for a draft about several items: in a package that holds
    // only some of them such an event could be neither shown nor withheld.
    LedgerLine append(const EventDraft& draft, const EventAuthor& author, const Context& context,
                      std::optional<ItemRow> new_item = std::nullopt);
    // One event for each item of the draft, with the digests of that item only; one event when it
    // has no item. All of them and the enclosures or nothing, in one transaction; the errors of
    // append, add_checkpoint and add_statement.
    std::vector<LedgerLine> append_each(const EventDraft& draft, const EventAuthor& author,
                                        const Context& context,
                                        const LedgerEnclosures& enclosures = {});

    std::optional<ItemRow> find_item(std::string_view id) const;  // exact spelling
    bool item_id_taken(std::string_view id) const;                // case-folded
    std::vector<ItemRow> items() const;                           // in the order of acquire events

    // Visits the events [first, end) in order, within one read transaction.
    using LineVisitor = std::function<void(const LedgerLine& line)>;
    void visit(std::uint64_t first, std::uint64_t end, const LineVisitor& visitor) const;
    // All events of a store of unknown origin: a row that is no event goes to `malformed`, with
    // what is wrong with it. Error(malformed) when the store itself is damaged.
    using MalformedVisitor = std::function<void(const std::string& message)>;
    void visit_foreign(const LineVisitor& visitor, const MalformedVisitor& malformed) const;

    // Leaf first, then intermediates, of a signer that occurs in the ledger; empty when unknown.
    std::vector<Certificate> signer_chain(std::string_view fingerprint) const;
    std::vector<std::string> signers() const;

    void add_checkpoint(const CheckpointRow& row);
    std::vector<CheckpointRow> checkpoints() const;
    void add_statement(const StatementRow& row);  // Error(exists) for a second one of its kind
    std::vector<StatementRow> statements(std::string_view transfer) const;
    // Of all transfers, one at a time: each may be large.
    void visit_statements(const std::function<void(const StatementRow&)>& visitor) const;

private:
    struct State;
    explicit Ledger(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// The origin line of ledger checkpoints: "evidence-ledger/1/<ledger id>".
std::string ledger_origin(std::string_view ledger_id);

}  // namespace evidence
