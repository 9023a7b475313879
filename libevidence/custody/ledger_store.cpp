#include "custody/ledger_store.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "custody/event.h"
#include "custody/ledger_schema.h"

namespace evidence {
namespace {

constexpr int busy_timeout_ms = 60'000;
// No row of ours is larger; bounds what a crafted database can make us hold.
constexpr int max_row_bytes = 2 * 1024 * 1024;
static_assert(event_max_bytes < max_row_bytes);

// Network and user-space file systems: locks or shared memory may not reach every reader.
constexpr std::array<std::uint64_t, 13> remote_file_systems = {
    NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, FUSE_SUPER_MAGIC,
    V9FS_MAGIC,      AFS_SUPER_MAGIC, CODA_SUPER_MAGIC, CEPH_SUPER_MAGIC, OCFS2_SUPER_MAGIC,
    0x01161970,  // GFS2
    0x0BD00BD0,  // Lustre
    0x786F4256,  // VirtualBox shared folders
};

std::string uri_of(const fs::path& path, std::string_view parameters) {
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    const std::string absolute = fs::absolute(path).native();
    std::string uri = "file:";
    for (char c : absolute) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' || c == '.';
        if (plain) {
            uri += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            uri.append({'%', hex_digits[byte >> 4], hex_digits[byte & 15]});
        }
    }
    return uri.append("?").append(parameters);
}

DatabaseHandle open_database(const fs::path& path, std::string_view parameters, int flags) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(uri_of(path, parameters).c_str(), &opened,
                                       flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    DatabaseHandle database(opened);
    if (result != SQLITE_OK) throw_sqlite(opened, "cannot open ledger", path.native());
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, busy_timeout_ms);
    sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, max_row_bytes);
    sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute(opened,
            "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
            "PRAGMA recursive_triggers = ON; PRAGMA mmap_size = 0;");
    return database;
}

std::string pragma_text(sqlite3* database, std::string_view sql) {
    const StatementHandle statement = prepare(database, sql);
    Query query(statement.get());
    return query.next() ? query.text(0, 32) : std::string();
}

std::uint64_t pragma_number(sqlite3* database, std::string_view sql) {
    const StatementHandle statement = prepare(database, sql);
    Query query(statement.get());
    return query.next() ? query.integer(0) : 0;
}

// EXTRA also makes the removal of a rollback journal durable, which is what commits there.
void set_synchronous(sqlite3* database, std::string_view journal_mode) {
    execute(database,
            journal_mode == "wal" ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = EXTRA");
}

[[noreturn]] void fail_format(const fs::path& path, std::string_view expected) {
    throw Error(ErrorKind::malformed, "not a custody ledger: " + path.native() + " (expected " +
                                          std::string(expected) + ")");
}

void check_format(sqlite3* database, const fs::path& path) {
    if (pragma_number(database, "PRAGMA application_id") != ledger_application_id) {
        fail_format(path, "the application id of a custody ledger");
    }
    if (pragma_number(database, "PRAGMA user_version") != ledger_user_version) {
        throw Error(ErrorKind::unsupported,
                    "ledger of another version: " + path.native() + " (expected version 1)");
    }
    const StatementHandle statement =
        prepare(database,
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL OR name NOT LIKE "
                "'sqlite_autoindex_%' ORDER BY rowid");
    Query query(statement.get());
    std::size_t count = 0;
    while (query.next()) {
        if (count == ledger_schema.size() || query.is_null(0) ||
            query.text(0, max_row_bytes) != ledger_schema[count]) {
            fail_format(path, "exactly the schema of ledger version 1");
        }
        ++count;
    }
    if (count != ledger_schema.size()) fail_format(path, "the whole schema of ledger version 1");
}

void require_regular_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
        throw Error(ErrorKind::not_found, "no ledger: " + path.native() + " (expected a file)");
    }
    if (!fs::is_regular_file(status)) fail_format(path, "a regular file");
}

bool has_content(const fs::path& path, std::string_view suffix) {
    fs::path beside = path;
    beside += suffix;
    std::error_code error;
    const std::uintmax_t size = fs::file_size(beside, error);
    return !error && size > 0;
}

// Opens a copied store that has a write-ahead log but nobody to share it with: the log's index is
// built in memory, so that nothing is written beside the evidence.
DatabaseHandle open_with_private_index(const fs::path& path) {
    DatabaseHandle database = open_database(path, "mode=ro&vfs=unix-none", SQLITE_OPEN_READONLY);
    execute(database.get(), "PRAGMA locking_mode = EXCLUSIVE");
    return database;
}

DatabaseHandle open_unchanged(const fs::path& path) {
    if (!has_content(path, "-wal") && !has_content(path, "-journal")) {
        return open_database(path, "mode=ro&immutable=1", SQLITE_OPEN_READONLY);
    }
    if (!fs::exists(path.native() + "-shm")) return open_with_private_index(path);
    // Perhaps somebody is at work: then their shared index and locks are respected. SQLite makes a
    // private index by itself when nobody is.
    return open_database(path, "mode=ro&readonly_shm=1", SQLITE_OPEN_READONLY);
}

}  // namespace

std::string_view name_of(JournalMode mode) { return mode == JournalMode::wal ? "wal" : "delete"; }

JournalMode journal_mode_for(const fs::path& path) {
    struct statfs information {};
    if (::statfs(path.c_str(), &information) != 0) {
        throw_errno("cannot examine file system of", path.native());
    }
    const auto type = static_cast<std::uint64_t>(information.f_type) & 0xFFFFFFFF;
    const bool remote = std::find(remote_file_systems.begin(), remote_file_systems.end(), type) !=
                        remote_file_systems.end();
    return remote ? JournalMode::rollback : JournalMode::wal;
}

sqlite3_stmt* LedgerStore::statement(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second.get();
    return statements_.emplace(sql, prepare(handle(), sql)).first->second.get();
}

LedgerStore LedgerStore::create(const fs::path& path, JournalMode mode) {
    LedgerStore store(open_database(path, "mode=rw", SQLITE_OPEN_READWRITE));
    const std::string wanted(name_of(mode));
    if (pragma_text(store.handle(), "PRAGMA journal_mode = " + wanted) != wanted) {
        throw Error(ErrorKind::io,
                    "journal mode does not work: " + path.native() + " (expected " + wanted + ")");
    }
    set_synchronous(store.handle(), wanted);
    WriteTransaction transaction(store);
    execute(store.handle(), "PRAGMA application_id = " + std::to_string(ledger_application_id) +
                                "; PRAGMA user_version = " + std::to_string(ledger_user_version));
    for (std::string_view sql : ledger_schema) execute(store.handle(), std::string(sql));
    transaction.commit();
    return store;
}

LedgerStore LedgerStore::open(const fs::path& path) {
    require_regular_file(path);
    LedgerStore store(open_database(path, "mode=rw", SQLITE_OPEN_READWRITE));
    check_format(store.handle(), path);
    set_synchronous(store.handle(), pragma_text(store.handle(), "PRAGMA journal_mode"));
    return store;
}

LedgerStore LedgerStore::open_foreign(const fs::path& path) {
    require_regular_file(path);
    LedgerStore store(open_unchanged(path));
    execute(store.handle(), "PRAGMA query_only = ON");
    check_format(store.handle(), path);
    return store;
}

WriteTransaction::WriteTransaction(LedgerStore& store) : store_(store) {
    Query(store_.statement("BEGIN IMMEDIATE")).run();
}

WriteTransaction::~WriteTransaction() {
    // A failing rollback leaves nothing behind either: the journal undoes it at the next open.
    if (open_) sqlite3_exec(store_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void WriteTransaction::commit() {
    Query(store_.statement("COMMIT")).run();
    open_ = false;
}

}  // namespace evidence
