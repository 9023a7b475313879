// A new ledger file with its first event. Private to the room; Ledger::create is the door.
#pragma once

#include "custody/ledger.h"
#include "custody/ledger_store.h"

namespace evidence {

// Durable, whole or not at all. Error(exists) when `path` is taken.
void create_ledger_file(const fs::path& path, std::string_view case_number,
                        const EventDraft& open_event, const EventAuthor& author,
                        const Context& context);

// The same in the (empty) file at `path` and with the journal mode given.
void fill_ledger_file(const fs::path& path, JournalMode mode, std::string_view case_number,
                      const EventDraft& open_event, const EventAuthor& author,
                      const Context& context);

}  // namespace evidence
