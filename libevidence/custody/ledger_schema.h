// The schema text of custody.db, version 1. A store is ours only when it holds exactly this.
#pragma once

#include <array>
#include <string_view>

namespace evidence {

inline constexpr int ledger_application_id = 0x45764C67;  // "EvLg"
inline constexpr int ledger_user_version = 1;

// The triggers are a seat belt against slips of a hand with a database tool. What makes tampering
// visible is the chain.
inline constexpr std::array ledger_schema = std::to_array<std::string_view>({
    R"(CREATE TABLE ledger(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  id TEXT NOT NULL CHECK(length(id) = 32),
  case_number TEXT NOT NULL,
  journal_mode TEXT NOT NULL
) STRICT)",
    R"(CREATE TABLE event(
  seq INTEGER PRIMARY KEY CHECK(seq >= 0),
  bytes BLOB NOT NULL,
  tags BLOB NOT NULL,
  digest BLOB NOT NULL CHECK(length(digest) = 32),
  link BLOB NOT NULL CHECK(length(link) = 32),
  signature BLOB,
  signer TEXT CHECK((signer IS NULL) = (signature IS NULL))
) STRICT)",
    R"(CREATE TABLE signer(
  fingerprint TEXT PRIMARY KEY,
  chain TEXT NOT NULL
) STRICT)",
    R"(CREATE TABLE item(
  id TEXT PRIMARY KEY,
  folded TEXT NOT NULL UNIQUE,
  item_key BLOB NOT NULL CHECK(length(item_key) = 16),
  acquire_seq INTEGER NOT NULL,
  acquisition_sha256 TEXT NOT NULL
) STRICT)",
    R"(CREATE TABLE checkpoint(
  number INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  link BLOB NOT NULL CHECK(length(link) = 32),
  made_at TEXT NOT NULL,
  signature BLOB
) STRICT)",
    R"(CREATE TABLE statement(
  number INTEGER PRIMARY KEY,
  transfer TEXT NOT NULL,
  kind TEXT NOT NULL,
  document TEXT NOT NULL,
  signature BLOB NOT NULL,
  UNIQUE(transfer, kind)
) STRICT)",
    R"(CREATE TRIGGER ledger_once BEFORE INSERT ON ledger WHEN EXISTS(SELECT 1 FROM ledger)
BEGIN SELECT raise(ABORT, 'a ledger has one identity'); END)",
    R"(CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT raise(ABORT, 'a ledger keeps its identity'); END)",
    R"(CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT raise(ABORT, 'a ledger keeps its identity'); END)",
    R"(CREATE TRIGGER event_in_order BEFORE INSERT ON event
WHEN new.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM event)
BEGIN SELECT raise(ABORT, 'events are appended in order'); END)",
    R"(CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'events are never changed'); END)",
    R"(CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'events are never removed'); END)",
    R"(CREATE TRIGGER signer_no_delete BEFORE DELETE ON signer
BEGIN SELECT raise(ABORT, 'signers are never removed'); END)",
    R"(CREATE TRIGGER item_once BEFORE INSERT ON item
WHEN EXISTS(SELECT 1 FROM item WHERE id = new.id OR folded = new.folded)
BEGIN SELECT raise(ABORT, 'items are never replaced'); END)",
    R"(CREATE TRIGGER item_no_update BEFORE UPDATE ON item
BEGIN SELECT raise(ABORT, 'items are never changed'); END)",
    R"(CREATE TRIGGER item_no_delete BEFORE DELETE ON item
BEGIN SELECT raise(ABORT, 'items are never removed'); END)",
    R"(CREATE TRIGGER checkpoint_in_order BEFORE INSERT ON checkpoint
WHEN new.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM checkpoint)
BEGIN SELECT raise(ABORT, 'checkpoints are appended in order'); END)",
    R"(CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END)",
    R"(CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never removed'); END)",
    R"(CREATE TRIGGER statement_in_order BEFORE INSERT ON statement
WHEN new.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM statement)
  OR EXISTS(SELECT 1 FROM statement WHERE transfer = new.transfer AND kind = new.kind)
BEGIN SELECT raise(ABORT, 'statements are appended in order, one of each kind'); END)",
    R"(CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement
BEGIN SELECT raise(ABORT, 'statements are never changed'); END)",
    R"(CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement
BEGIN SELECT raise(ABORT, 'statements are never removed'); END)",
});

}  // namespace evidence
