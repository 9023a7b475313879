// A case on disk: CASE/case.json, custody.db, items/<ID>/, packages/, transfers/<id>/.
// Folders have mode 0700, files 0600.
//
// case.json says in words which case this is; the ledger beside it is what counts as evidence.
//
// Thread rule: one CaseFolder object per thread.
#pragma once

#include <optional>

#include "custody/ledger.h"

namespace evidence {

struct CaseDetails {
    std::string number, title;                // never empty
    std::string officer, authority, country;  // may be empty; country: ISO 3166-1 alpha-2

    bool operator==(const CaseDetails&) const = default;
};

// case.json with its newline.
std::string format_case_document(const CaseDetails& details);
// Error(malformed) for anything that is not a canonical case document.
CaseDetails parse_case_document(std::string_view text, std::string_view where);

class CaseFolder {
public:
    // Makes the folder (an empty one may be there) and appends event 0, `open`: the type of
    // `open_event` is set to that. Error(exists) when `folder` holds a case or anything else
    // already, Error(usage) for unusable details. A failure leaves no new file or folder behind.
    static CaseFolder create(const fs::path& folder, const CaseDetails& details,
                             const EventAuthor& author, const EventDraft& open_event,
                             const Context& context);
    // Error(not_found) with the `evidence-custody init` hint when there is no custody.db.
    // Error(malformed) when case.json and ledger name different cases.
    static CaseFolder open(const fs::path& folder);
    // A case of unknown origin: reads only and changes nothing (Ledger::open_foreign).
    static CaseFolder open_foreign(const fs::path& folder);
    // The nearest folder at or above `start` that holds a custody.db.
    static std::optional<fs::path> find_above(const fs::path& start);

    const fs::path& folder() const { return folder_; }
    const CaseDetails& details() const { return details_; }
    Ledger& ledger() { return ledger_; }
    const Ledger& ledger() const { return ledger_; }

    fs::path item_folder(std::string_view item_id) const;  // CASE/items/<ID>
    fs::path packages_folder() const;
    fs::path transfer_folder(std::string_view transfer_id) const;  // CASE/transfers/<id>

private:
    CaseFolder(fs::path folder, CaseDetails details, Ledger ledger);
    fs::path folder_;
    CaseDetails details_;
    Ledger ledger_;
};

}  // namespace evidence
