#include "custody/ledger_tables.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "signature/cms_signature.h"

namespace evidence {
namespace {

constexpr std::size_t fingerprint_bytes = 64;
constexpr std::size_t word_max_bytes = 64;
constexpr std::size_t statement_max_bytes = 1024 * 1024;

template <std::size_t size>
std::array<std::uint8_t, size> fixed_blob(const Query& query, int column) {
    const Bytes bytes = query.blob(column, size);
    if (bytes.size() != size) {
        throw Error(ErrorKind::malformed,
                    "ledger store damaged: bytes of another length (expected " +
                        std::to_string(size) + ")");
    }
    std::array<std::uint8_t, size> array{};
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

ItemRow read_item(const Query& query) {
    ItemRow row;
    row.id = query.text(0, word_max_bytes);
    row.key = fixed_blob<sizeof(ItemKey)>(query, 1);
    row.acquire_seq = query.integer(2);
    row.acquisition_sha256 = query.text(3, fingerprint_bytes);
    if (!is_item_id(row.id) || !is_hex(row.acquisition_sha256, fingerprint_bytes)) {
        throw Error(ErrorKind::malformed,
                    "ledger store damaged: item row (expected id and digest)");
    }
    return row;
}

StatementRow read_statement(const Query& query) {
    return {query.text(0, word_max_bytes), query.text(1, word_max_bytes),
            query.text(2, statement_max_bytes), query.blob(3, cms_max_bytes)};
}

constexpr std::string_view item_columns =
    "SELECT id, item_key, acquire_seq, acquisition_sha256 "
    "FROM item ";

}  // namespace

std::optional<ItemRow> select_item(LedgerStore& store, std::string_view id) {
    sqlite3_stmt* statement = store.statement(std::string(item_columns) + "WHERE id = ?");
    Query query(statement);
    query.bind(id);
    if (!query.next()) return std::nullopt;
    return read_item(query);
}

bool select_item_id_taken(LedgerStore& store, std::string_view id) {
    sqlite3_stmt* statement = store.statement("SELECT 1 FROM item WHERE folded = ?");
    const std::string folded = fold_case(id);
    Query query(statement);
    return query.bind(folded).next();
}

std::vector<ItemRow> select_items(LedgerStore& store) {
    sqlite3_stmt* statement =
        store.statement(std::string(item_columns) + "ORDER BY acquire_seq, rowid");
    Query query(statement);
    std::vector<ItemRow> rows;
    while (query.next()) rows.push_back(read_item(query));
    return rows;
}

void insert_item(LedgerStore& store, const ItemRow& row) {
    sqlite3_stmt* statement = store.statement("INSERT INTO item VALUES(?, ?, ?, ?, ?)");
    const std::string folded = fold_case(row.id);
    Query query(statement);
    query.bind(row.id).bind(folded).bind(ByteView(row.key)).bind(row.acquire_seq);
    query.bind(row.acquisition_sha256).run();
}

std::vector<Certificate> select_signer_chain(LedgerStore& store, std::string_view fingerprint) {
    sqlite3_stmt* statement = store.statement("SELECT chain FROM signer WHERE fingerprint = ?");
    Query query(statement);
    if (!query.bind(fingerprint).next()) return {};
    return parse_pem_certificates(query.text(0, ledger_signer_max_bytes), "signer of the ledger");
}

std::vector<std::string> select_signers(LedgerStore& store) {
    sqlite3_stmt* statement =
        store.statement("SELECT fingerprint FROM signer ORDER BY fingerprint");
    Query query(statement);
    std::vector<std::string> signers;
    while (query.next()) signers.push_back(query.text(0, fingerprint_bytes));
    return signers;
}

void insert_signer(LedgerStore& store, const SigningIdentity& identity) {
    const std::string fingerprint = identity.certificate.fingerprint();
    std::string chain = identity.certificate.pem();
    for (const Certificate& certificate : identity.chain) {
        // A root proves nothing by travelling along: readers bring their own anchors.
        if (!certificate.is_self_issued() && !(certificate == identity.certificate)) {
            chain += certificate.pem();
        }
    }
    if (chain.size() > ledger_signer_max_bytes) {
        throw Error(ErrorKind::crypto,
                    "certificate chain too long: " + identity.certificate.subject() +
                        " (expected at most 256 KiB)");
    }
    sqlite3_stmt* statement = store.statement(
        "INSERT INTO signer VALUES(?, ?) ON CONFLICT(fingerprint) DO UPDATE SET "
        "chain = excluded.chain WHERE length(excluded.chain) > length(chain)");
    Query query(statement);
    query.bind(fingerprint).bind(chain).run();
}

void insert_checkpoint(LedgerStore& store, const CheckpointRow& row) {
    sqlite3_stmt* statement = store.statement(
        "INSERT INTO checkpoint SELECT coalesce(max(number) + 1, 0), ?, ?, ?, ? "
        "FROM checkpoint");
    const std::string made_at = format_utc(row.made_at);
    Query query(statement);
    query.bind(row.text.size).bind(ByteView(row.text.hash)).bind(made_at);
    if (row.signature.empty()) {
        query.bind_null();
    } else {
        query.bind(ByteView(row.signature));
    }
    query.run();
}

std::vector<CheckpointRow> select_checkpoints(LedgerStore& store, std::string_view ledger_id) {
    sqlite3_stmt* statement =
        store.statement("SELECT size, link, made_at, signature FROM checkpoint ORDER BY number");
    Query query(statement);
    std::vector<CheckpointRow> rows;
    while (query.next()) {
        CheckpointRow row;
        row.text = {ledger_origin(ledger_id), query.integer(0), fixed_blob<32>(query, 1)};
        const std::optional<UtcTime> made_at = parse_utc(query.text(2, word_max_bytes));
        if (!made_at) {
            throw Error(ErrorKind::malformed,
                        "ledger store damaged: checkpoint row (expected a time)");
        }
        row.made_at = *made_at;
        if (!query.is_null(3)) row.signature = query.blob(3, cms_max_bytes);
        rows.push_back(std::move(row));
    }
    return rows;
}

void insert_statement(LedgerStore& store, const StatementRow& row) {
    {
        sqlite3_stmt* existing =
            store.statement("SELECT 1 FROM statement WHERE transfer = ? AND kind = ?");
        Query query(existing);
        if (query.bind(row.transfer).bind(row.kind).next()) {
            throw Error(ErrorKind::exists, "statement is in the ledger already: " + row.kind +
                                               " of " + row.transfer + " (expected a new one)");
        }
    }
    sqlite3_stmt* statement = store.statement(
        "INSERT INTO statement SELECT coalesce(max(number) + 1, 0), ?, ?, ?, ? "
        "FROM statement");
    Query query(statement);
    query.bind(row.transfer).bind(row.kind).bind(row.document).bind(ByteView(row.signature)).run();
}

std::vector<StatementRow> select_statements(LedgerStore& store, std::string_view transfer) {
    sqlite3_stmt* statement = store.statement(
        "SELECT transfer, kind, document, signature FROM statement WHERE "
        "transfer = ? ORDER BY number");
    Query query(statement);
    query.bind(transfer);
    std::vector<StatementRow> rows;
    while (query.next()) {
        rows.push_back(read_statement(query));
    }
    return rows;
}

void select_all_statements(LedgerStore& store,
                           const std::function<void(const StatementRow&)>& visitor) {
    const StatementHandle statement =
        prepare(store.handle(),
                "SELECT transfer, kind, document, signature FROM statement ORDER BY number");
    Query query(statement.get());
    while (query.next()) visitor(read_statement(query));
}

}  // namespace evidence
