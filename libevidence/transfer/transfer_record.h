// A transfer as one case remembers it: its statements in CASE/transfers/<id>/ and in the ledger,
// its events in the chain. Both sides keep all statements, so each holds the other's signed head.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "custody/case_folder.h"
#include "transfer/signed_statement.h"

namespace evidence {

// For which case somebody acts. Nothing is owned.
struct TransferCase {
    CaseFolder& folder;
    const EventAuthor& author;
    EventDraft draft;  // place, reason and authority of every event
};

// What would make a statement or its events impossible is found before the work, not after:
// Error(usage) for unusable place, reason or authority, Error(crypto) for a certificate that is not
// valid now. `side` may be null.
void check_signing(const SigningIdentity& identity, const TransferCase* side, UtcTime now);

// The items of a package by the event of this ledger that names it (seal, disclose, receipt);
// empty items for one received; nullopt when the ledger does not know the package, or refused it.
std::optional<std::vector<std::string>> items_of_package(const Ledger& ledger,
                                                         std::string_view manifest_sha256);

// A statement of any transfer the ledger knows.
std::optional<SignedStatement> find_statement(const Ledger& ledger, std::string_view transfer,
                                              StatementKind kind);

class TransferRecord {
public:
    // `manifest_sha256` and `items` are those of the package; the events carry them.
    TransferRecord(TransferCase side, std::string transfer, std::string manifest_sha256,
                   std::vector<std::string> items, const Context& context);

    fs::path folder() const;
    // With the time-stamp that the folder has for it.
    std::optional<SignedStatement> find(StatementKind kind) const;
    bool has_event(std::string_view type) const;  // walks the ledger

    // Keeps a statement and appends its event, unless that was done before. Statement, checkpoint
    // and event enter the ledger together; the copy in the folder comes after them, and is made
    // again here when a crash prevented it. Error(refused) when another statement of this kind, or
    // another answer, is kept. `checkpoint` is our own head in a statement we made.
    void keep(StatementKind kind, const SignedStatement& statement, std::string_view event_type,
              const std::optional<CheckpointText>& checkpoint = std::nullopt);

    // Appends an event about `statement`.
    void append(std::string_view event_type, const SignedStatement& statement,
                const LedgerEnclosures& enclosures = {});

private:
    void require_no_other(StatementKind kind, const SignedStatement& statement) const;

    TransferCase side_;
    std::string transfer_;
    std::string manifest_sha256_;
    std::vector<std::string> items_;
    const Context& context_;
};

}  // namespace evidence
