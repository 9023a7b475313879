// The SQLite file behind a ledger: its schema, how it is created, and how it is opened for our own
// work or as a database of unknown origin. Private to the room; Ledger is the door.
#pragma once

#include <map>
#include <string>

#include "base/file.h"
#include "custody/sqlite_handles.h"

namespace evidence {

enum class JournalMode {
    wal,       // write-ahead log, about five times the append rate
    rollback,  // rollback journal, for file systems whose locks or shared memory cannot be trusted
};

std::string_view name_of(JournalMode mode);  // "wal", "delete": SQLite's words

// What the file system that holds `path` allows.
JournalMode journal_mode_for(const fs::path& path);

class LedgerStore {
public:
    // An empty store in the (empty) file at `path`. Error(io) when the journal mode does not work
    // there.
    static LedgerStore create(const fs::path& path, JournalMode mode);
    // For the case's own work. Error(malformed) unless application id, version and schema text are
    // those of this format.
    static LedgerStore open(const fs::path& path);
    // Read-only, changing not a byte of the folder, with defensive settings; same checks. Includes
    // what an interrupted writer has committed to the write-ahead log.
    static LedgerStore open_foreign(const fs::path& path);

    sqlite3* handle() const { return database_.get(); }
    // Prepared at the first call, then kept. Not for statements that may run inside themselves.
    sqlite3_stmt* statement(std::string_view sql);

private:
    explicit LedgerStore(DatabaseHandle database) : database_(std::move(database)) {}
    DatabaseHandle database_;
    std::map<std::string, StatementHandle, std::less<>> statements_;
};

// A write transaction (BEGIN IMMEDIATE: waits its turn); rolled back unless committed.
class WriteTransaction {
public:
    explicit WriteTransaction(LedgerStore& store);
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    void commit();  // durable once it returns

private:
    LedgerStore& store_;
    bool open_ = true;
};

}  // namespace evidence
