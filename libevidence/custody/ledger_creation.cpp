#include "custody/ledger_creation.h"

#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "custody/event_writer.h"
#include "custody/ledger_tables.h"

namespace evidence {
namespace {

// What SQLite leaves beside a store it could not finish.
class SideFiles {
public:
    explicit SideFiles(const fs::path& store) : store_(store) {}
    ~SideFiles() {
        for (const char* suffix : {"-wal", "-shm", "-journal"}) {
            ::unlink((store_.native() + suffix).c_str());
        }
    }
    SideFiles(const SideFiles&) = delete;
    SideFiles& operator=(const SideFiles&) = delete;

private:
    fs::path store_;
};

// Moves what was committed from the write-ahead log into the file itself, which is all that gets
// the ledger's name. SQLite would do it when it closes, without saying so when it fails.
void require_all_in_file(LedgerStore& store, const fs::path& path) {
    const StatementHandle statement = prepare(store.handle(), "PRAGMA wal_checkpoint(PASSIVE)");
    Query query(statement.get());
    enum Column { busy, pages_in_log, pages_moved };
    if (query.next() && query.integer(busy) == 0 &&
        query.integer(pages_in_log) == query.integer(pages_moved)) {
        return;
    }
    throw Error(ErrorKind::io, "write-ahead log cannot be moved into the ledger: " + path.native() +
                                   " (expected nobody else to use it)");
}

}  // namespace

void fill_ledger_file(const fs::path& path, JournalMode mode, std::string_view case_number,
                      const EventDraft& open_event, const EventAuthor& author,
                      const Context& context) {
    LedgerStore store = LedgerStore::create(path, mode);
    LedgerPosition position;
    position.ledger_id = random_hex_128(context.random);
    position.case_number = case_number;
    position.previous_link = first_link(position.ledger_id);
    const LedgerLine line = write_event(open_event, author, position, {}, context);
    WriteTransaction transaction(store);
    Query(store.statement("INSERT INTO ledger VALUES(1, ?, ?, ?)"))
        .bind(position.ledger_id)
        .bind(case_number)
        .bind(name_of(mode))
        .run();
    if (author.identity) insert_signer(store, *author.identity);
    insert_line(store, line);
    transaction.commit();
    if (mode == JournalMode::wal) require_all_in_file(store, path);
}

void create_ledger_file(const fs::path& path, std::string_view case_number,
                        const EventDraft& open_event, const EventAuthor& author,
                        const Context& context) {
    AtomicFile file(path);
    const SideFiles side_files(file.temporary_path());
    const JournalMode mode = journal_mode_for(file.temporary_path());
    try {
        fill_ledger_file(file.temporary_path(), mode, case_number, open_event, author, context);
    } catch (const Error& error) {
        if (mode != JournalMode::wal || error.kind() != ErrorKind::io) throw;
        // A file system that takes the log but not its shared memory: start over without.
        if (::ftruncate(file.file().fd(), 0) != 0) throw_errno("cannot truncate", path.native());
        fill_ledger_file(file.temporary_path(), JournalMode::rollback, case_number, open_event,
                         author, context);
    }
    file.commit();
}

}  // namespace evidence
