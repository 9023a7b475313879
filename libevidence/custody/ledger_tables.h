// Rows of the store: events, items, signers, checkpoints, statements. Private to the room; Ledger
// is the door.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "custody/ledger.h"
#include "custody/ledger_store.h"

namespace evidence {

// The chain as far as it goes.
struct ChainTail {
    std::uint64_t size = 0;  // events
    Sha256 link{};           // of the last one
    bool operator==(const ChainTail&) const = default;
};

std::optional<ChainTail> select_tail(LedgerStore& store);
void insert_line(LedgerStore& store, const LedgerLine& line);
// Visits the events [first, end) in order within one read transaction. A row that is no event goes
// to `malformed`, or is Error(malformed) without it.
void select_lines(LedgerStore& store, std::uint64_t first, std::uint64_t end,
                  const Ledger::LineVisitor& visitor,
                  const Ledger::MalformedVisitor& malformed = {});

std::optional<ItemRow> select_item(LedgerStore& store, std::string_view id);
bool select_item_id_taken(LedgerStore& store, std::string_view id);
std::vector<ItemRow> select_items(LedgerStore& store);
void insert_item(LedgerStore& store, const ItemRow& row);

// Leaf first, then intermediates; the longer of two chains known for a signer is kept.
std::vector<Certificate> select_signer_chain(LedgerStore& store, std::string_view fingerprint);
std::vector<std::string> select_signers(LedgerStore& store);
void insert_signer(LedgerStore& store, const SigningIdentity& identity);

void insert_checkpoint(LedgerStore& store, const CheckpointRow& row);
std::vector<CheckpointRow> select_checkpoints(LedgerStore& store, std::string_view ledger_id);

void insert_statement(LedgerStore& store, const StatementRow& row);
std::vector<StatementRow> select_statements(LedgerStore& store, std::string_view transfer);
void select_all_statements(LedgerStore& store,
                           const std::function<void(const StatementRow&)>& visitor);

}  // namespace evidence
