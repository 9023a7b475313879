#include "custody/sqlite_handles.h"

#include "base/error.h"

namespace evidence {
namespace {

std::string file_of(sqlite3* database) {
    const char* name = database ? sqlite3_db_filename(database, "main") : nullptr;
    return name ? name : "";
}

}  // namespace

void throw_sqlite(sqlite3* database, std::string_view what) {
    throw_sqlite(database, what, file_of(database));
}

void throw_sqlite(sqlite3* database, std::string_view what, std::string_view path) {
    const int code = database ? sqlite3_errcode(database) & 0xFF : SQLITE_NOMEM;
    ErrorKind kind = ErrorKind::io;
    std::string hint;
    // Our statements are fixed: an error in one means that the store has another shape.
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ||
        code == SQLITE_TOOBIG) {
        kind = ErrorKind::malformed;
    }
    if (code == SQLITE_BUSY) hint = "another process has held the ledger for a minute; try again";
    std::string message(what);
    message.append(": ").append(path);
    message.append(" (").append(database ? sqlite3_errmsg(database) : "out of memory").append(")");
    throw Error(kind, std::move(message), std::move(hint));
}

void execute(sqlite3* database, const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw_sqlite(database, "ledger store failed");
    }
}

StatementHandle prepare(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
        throw_sqlite(database, "ledger store failed");
    }
    return StatementHandle(statement);
}

Query::~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::uint64_t value) {
    if (sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value)) != SQLITE_OK) {
        throw_sqlite(sqlite3_db_handle(statement_), "ledger store failed");
    }
    return *this;
}

Query& Query::bind(std::string_view text) {
    if (sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8) != SQLITE_OK) {
        throw_sqlite(sqlite3_db_handle(statement_), "ledger store failed");
    }
    return *this;
}

Query& Query::bind(ByteView blob) {
    if (sqlite3_bind_blob64(statement_, ++bound_, blob.data(), blob.size(), SQLITE_STATIC) !=
        SQLITE_OK) {
        throw_sqlite(sqlite3_db_handle(statement_), "ledger store failed");
    }
    return *this;
}

Query& Query::bind_null() {
    ++bound_;  // an unbound parameter is NULL
    return *this;
}

bool Query::next() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) throw_sqlite(sqlite3_db_handle(statement_), "ledger store failed");
    return false;
}

void Query::run() {
    while (next()) {
    }
}

void Query::fail_column(int column, std::string_view expected) const {
    throw Error(ErrorKind::malformed,
                "ledger store damaged: " + file_of(sqlite3_db_handle(statement_)) + " (expected " +
                    std::string(expected) + " in column " +
                    sqlite3_column_name(statement_, column) + ")");
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::uint64_t Query::integer(int column) const {
    if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) {
        fail_column(column, "an integer");
    }
    const sqlite3_int64 value = sqlite3_column_int64(statement_, column);
    if (value < 0) fail_column(column, "an integer not below zero");
    return static_cast<std::uint64_t>(value);
}

std::string Query::text(int column, std::size_t max_bytes) const {
    if (sqlite3_column_type(statement_, column) != SQLITE_TEXT) fail_column(column, "text");
    const auto* data = sqlite3_column_text(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    if (size > max_bytes) fail_column(column, "at most " + std::to_string(max_bytes) + " bytes");
    return std::string(as_text(ByteView(data, size)));
}

Bytes Query::blob(int column, std::size_t max_bytes) const {
    if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) fail_column(column, "bytes");
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    if (size > max_bytes) fail_column(column, "at most " + std::to_string(max_bytes) + " bytes");
    return Bytes(data, data + size);
}

}  // namespace evidence
