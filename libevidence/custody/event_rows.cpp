// The event table of ledger_tables.h: lines of the chain as rows.
#include <algorithm>
#include <limits>

#include "base/error.h"
#include "custody/ledger_tables.h"

namespace evidence {
namespace {

Sha256 link_column(const Query& query, int column) {
    const Bytes bytes = query.blob(column, sizeof(Sha256));
    Sha256 link{};
    if (bytes.size() != link.size()) {
        throw Error(ErrorKind::malformed, "ledger store damaged: link (expected 32 bytes)");
    }
    std::copy(bytes.begin(), bytes.end(), link.begin());
    return link;
}

LedgerLine read_line(const Query& query) {
    LedgerLine line;
    line.event_bytes = as_text(query.blob(1, event_max_bytes));
    line.event = parse_event(line.event_bytes, "event " + std::to_string(query.integer(0)));
    line.seq = line.event->seq;
    line.event_bytes_digest = sha256(line.event_bytes);
    line.tags = query.blob(2, ledger_tags_max_bytes);
    line.link = link_column(query, 3);
    if (!query.is_null(4)) line.signature = query.blob(4, ledger_signature_max_bytes);
    if (!query.is_null(5)) line.signer = query.text(5, 2 * sizeof(Sha256));
    return line;
}

// What the row says beside the event must be what the event says. The chain does not need it, so
// only who looks for damage asks.
void require_own_row(const Query& query, const LedgerLine& line) {
    if (query.integer(0) == line.seq && link_column(query, 6) == line.event_bytes_digest) return;
    throw Error(ErrorKind::malformed, "ledger store damaged: row of event " +
                                          std::to_string(line.seq) +
                                          " (expected its own number and digest)");
}

std::optional<LedgerLine> read_line_or_report(const Query& query,
                                              const Ledger::MalformedVisitor& malformed) {
    if (!malformed) return read_line(query);
    try {
        LedgerLine line = read_line(query);
        require_own_row(query, line);
        return line;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        malformed(error.message());
        return std::nullopt;
    }
}

}  // namespace

void insert_line(LedgerStore& store, const LedgerLine& line) {
    Query query(store.statement("INSERT INTO event VALUES(?, ?, ?, ?, ?, ?, ?)"));
    query.bind(line.seq).bind(as_bytes(line.event_bytes)).bind(ByteView(line.tags));
    query.bind(ByteView(line.event_bytes_digest)).bind(ByteView(line.link));
    if (line.signer.empty()) {
        query.bind_null().bind_null();
    } else {
        query.bind(ByteView(line.signature)).bind(line.signer);
    }
    query.run();
}

std::optional<ChainTail> select_tail(LedgerStore& store) {
    Query query(store.statement("SELECT seq, link FROM event ORDER BY seq DESC LIMIT 1"));
    if (!query.next()) return std::nullopt;
    return ChainTail{query.integer(0) + 1, link_column(query, 1)};
}

void select_lines(LedgerStore& store, std::uint64_t first, std::uint64_t end,
                  const Ledger::LineVisitor& visitor, const Ledger::MalformedVisitor& malformed) {
    constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    // Its own statement: a visitor may start another visit.
    const StatementHandle statement =
        prepare(store.handle(),
                "SELECT seq, bytes, tags, link, signature, signer, digest FROM event "
                "WHERE seq >= ? AND seq < ? ORDER BY seq");
    Query query(statement.get());
    query.bind(std::min(first, last)).bind(std::min(end, last));
    while (query.next()) {
        if (const auto line = read_line_or_report(query, malformed)) visitor(*line);
    }
}

}  // namespace evidence
