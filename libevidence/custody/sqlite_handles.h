// Owners of SQLite objects and the few calls the ledger needs, declared once. Private to the
// library: no public header includes it.
//
// Thread rule: a connection and its statements belong to one thread.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace evidence {

struct SqliteDeleter {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

using DatabaseHandle = std::unique_ptr<sqlite3, SqliteDeleter>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, SqliteDeleter>;

// Throws the Error that fits the connection's last result: malformed for a file that is no sound
// database, io for the rest. "<what>: <file> (<SQLite's reason>)".
[[noreturn]] void throw_sqlite(sqlite3* database, std::string_view what);
// The same for a file that could not even be opened.
[[noreturn]] void throw_sqlite(sqlite3* database, std::string_view what, std::string_view path);

// Runs statements that return nothing we want to see.
void execute(sqlite3* database, const std::string& sql);

// One run of a statement, from binding to reset: rows are read while it lives.
class Query {
public:
    explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    // Parameters in order. Views must stay valid while the query lives.
    Query& bind(std::uint64_t value);
    Query& bind(std::string_view text);
    Query& bind(ByteView blob);
    Query& bind_null();

    bool next();  // true: there is a row
    void run();   // to the end

    // Columns of the row, from 0. Error(malformed) for another type or more than `max_bytes`.
    bool is_null(int column) const;
    std::uint64_t integer(int column) const;
    std::string text(int column, std::size_t max_bytes) const;
    Bytes blob(int column, std::size_t max_bytes) const;

private:
    [[noreturn]] void fail_column(int column, std::string_view expected) const;
    sqlite3_stmt* statement_;
    int bound_ = 0;
};

StatementHandle prepare(sqlite3* database, std::string_view sql);

}  // namespace evidence
