// The event table of ledger_tables.h: lines of the chain as rows.
#include <algorithm>
#include <exception>
#include <limits>

#include "base/error.h"
#include "base/in_parallel.h"
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

// A row as it stands.
struct EventRow {
    std::uint64_t seq = 0;
    Sha256 digest{};
    LedgerLine line;           // without its event, until that is parsed
    std::exception_ptr error;  // why it could not be read
};

// Rows read ahead, to be parsed on all cores.
constexpr std::size_t max_rows = 1024;
constexpr std::size_t max_rows_bytes = 4 * mib;
constexpr std::size_t rows_worthwhile = 64;

template <typename Action>
void or_note_error(EventRow& row, const Action& action) {
    try {
        action();
    } catch (const Error&) {
        row.error = std::current_exception();
    }
}

EventRow read_row(const Query& query, bool with_digest) {
    EventRow row;
    row.seq = query.integer(0);
    or_note_error(row, [&] {
        LedgerLine& line = row.line;
        line.event_bytes = as_text(query.blob(1, event_max_bytes));
        line.tags = query.blob(2, ledger_tags_max_bytes);
        line.link = link_column(query, 3);
        if (!query.is_null(4)) line.signature = query.blob(4, ledger_signature_max_bytes);
        if (!query.is_null(5)) line.signer = query.text(5, 2 * sizeof(Sha256));
        if (with_digest) row.digest = link_column(query, 6);
    });
    return row;
}

void parse_row(EventRow& row, bool with_digest) {
    if (row.error) return;
    or_note_error(row, [&] {
        LedgerLine& line = row.line;
        line.event = parse_event(line.event_bytes, "event " + std::to_string(row.seq));
        line.seq = line.event->seq;
        line.event_bytes_digest = sha256(line.event_bytes);
        if (!with_digest || (row.seq == line.seq && row.digest == line.event_bytes_digest)) return;
        throw Error(ErrorKind::malformed, "ledger store damaged: row of event " +
                                              std::to_string(line.seq) +
                                              " (expected its own number and digest)");
    });
}

void hand_out(const EventRow& row, const Ledger::LineVisitor& visitor,
              const Ledger::MalformedVisitor& malformed) {
    if (!row.error) return visitor(row.line);
    try {
        std::rethrow_exception(row.error);
    } catch (const Error& error) {
        if (!malformed || error.kind() != ErrorKind::malformed) throw;
        malformed(error.message());
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
    // What the row says beside the event must be what the event says. The chain does not need it,
    // so only who looks for damage asks.
    const bool with_digest = static_cast<bool>(malformed);
    std::exception_ptr failure;
    const auto more = [&] {
        try {
            return query.next();
        } catch (const Error&) {
            failure = std::current_exception();  // what came before is handed out first
            return false;
        }
    };
    for (bool ended = false; !ended;) {
        std::vector<EventRow> rows;
        std::size_t bytes = 0;
        while (rows.size() < max_rows && bytes < max_rows_bytes) {
            ended = !more();
            if (ended) break;
            rows.push_back(read_row(query, with_digest));
            bytes += rows.back().line.event_bytes.size() + rows.back().line.tags.size();
        }
        in_parallel(rows.size(), rows_worthwhile, [&](std::size_t from, std::size_t to) {
            for (std::size_t i = from; i < to; ++i) parse_row(rows[i], with_digest);
        });
        for (const EventRow& row : rows) hand_out(row, visitor, malformed);
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace evidence
