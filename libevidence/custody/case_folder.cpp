#include "custody/case_folder.h"

#include <array>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/item_id.h"

namespace evidence {
namespace {

constexpr std::string_view format_name = "evidence-case/1";
constexpr std::size_t document_max_bytes = 64 * 1024;
constexpr std::size_t title_max_bytes = 4096;

const fs::path document_name = "case.json";
const fs::path ledger_name = "custody.db";
const fs::path items_name = "items";
const fs::path packages_name = "packages";
const fs::path transfers_name = "transfers";

bool is_country_code(std::string_view text) {
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return text.size() == 2 && is_capital(text[0]) && is_capital(text[1]);
}

void require_text(std::string_view text, std::string_view what, std::size_t max_bytes) {
    require_plain_text(text, what);
    if (text.size() <= max_bytes) return;
    throw Error(ErrorKind::usage, std::string(what) + " too long (expected at most " +
                                      std::to_string(max_bytes) + " bytes)");
}

void check_details(const CaseDetails& details) {
    require_text(details.number, "case number", case_number_max_bytes);
    require_text(details.title, "title", title_max_bytes);
    require_text(details.officer, "officer", title_max_bytes);
    require_text(details.authority, "authority", title_max_bytes);
    if (details.number.empty() || details.title.empty()) {
        throw Error(ErrorKind::usage, "case without number or title (expected both)");
    }
    if (!details.country.empty() && !is_country_code(details.country)) {
        throw Error(ErrorKind::usage, "unknown country: " + details.country +
                                          " (expected two capital letters of ISO 3166-1)");
    }
}

// Removes what was made, newest first, unless everything succeeded.
class CreatedEntries {
public:
    ~CreatedEntries() {
        std::error_code ignored;
        while (!entries_.empty()) {
            fs::remove(entries_.back(), ignored);
            entries_.pop_back();
        }
    }
    CreatedEntries() = default;
    CreatedEntries(const CreatedEntries&) = delete;
    CreatedEntries& operator=(const CreatedEntries&) = delete;

    void add(fs::path entry) { entries_.push_back(std::move(entry)); }
    void keep() { entries_.clear(); }

private:
    std::vector<fs::path> entries_;
};

// The folder and those of its parents that are not there, the outermost first.
std::vector<fs::path> missing_folders(const fs::path& folder) {
    std::vector<fs::path> missing;
    for (fs::path path = folder; !path.empty() && !path_exists(path); path = path.parent_path()) {
        missing.insert(missing.begin(), path);
    }
    return missing;
}

void make_folders(const fs::path& folder, CreatedEntries& created) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(folder, error))) {
        if (!is_folder(folder) || !fs::is_empty(folder, error) || error) {
            throw Error(ErrorKind::exists,
                        "target exists: " + folder.native() + " (expected a new or empty folder)",
                        "a case gets a folder of its own; choose another name");
        }
    } else {
        for (const fs::path& missing : missing_folders(folder)) created.add(missing);
        create_folders(folder);
    }
    for (const fs::path& name : {items_name, packages_name, transfers_name}) {
        created.add(folder / name);
        create_folders(folder / name);
    }
}

CaseDetails read_details(const fs::path& folder, const Ledger& ledger) {
    const fs::path path = folder / document_name;
    CaseDetails details =
        parse_case_document(read_small_file(path, document_max_bytes), path.native());
    if (details.number != ledger.case_number()) {
        throw Error(ErrorKind::malformed, "case number differs: " + path.native() +
                                              " (expected that of the ledger, " +
                                              ledger.case_number() + ")");
    }
    return details;
}

void require_case(const fs::path& folder) {
    if (path_exists(folder / ledger_name)) return;
    throw Error(ErrorKind::not_found,
                "no case here: " + folder.native() + " (expected a folder with a custody.db)",
                "evidence-custody init opens a new case");
}

}  // namespace

std::string format_case_document(const CaseDetails& details) {
    return canonical(Json::object(
               {{"authority", details.authority},
                {"case", Json::object({{"number", details.number}, {"title", details.title}})},
                {"country", details.country},
                {"format", format_name},
                {"officer", details.officer}})) +
           "\n";
}

CaseDetails parse_case_document(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    CaseDetails details;
    std::string reason = "exactly the members of evidence-case/1";
    try {
        details = {json.at("case").at("number").string(), json.at("case").at("title").string(),
                   json.at("officer").string(), json.at("authority").string(),
                   json.at("country").string()};
        check_details(details);
        // Writing it again finds unknown members and another format.
        if (format_case_document(details) == text) return details;
    } catch (const Error& error) {
        reason = error.message();
    }
    throw Error(ErrorKind::malformed,
                "not a case document: " + std::string(where) + " (expected " + reason + ")");
}

CaseFolder::CaseFolder(fs::path folder, CaseDetails details, Ledger ledger)
    : folder_(std::move(folder)), details_(std::move(details)), ledger_(std::move(ledger)) {}

CaseFolder CaseFolder::create(const fs::path& folder, const CaseDetails& details,
                              const EventAuthor& author, const EventDraft& open_event,
                              const Context& context) {
    check_details(details);
    CreatedEntries created;
    make_folders(folder, created);
    write_new_file(folder / document_name, as_bytes(format_case_document(details)));
    created.add(folder / document_name);
    // The ledger comes last: a folder with a custody.db is a whole case.
    Ledger ledger =
        Ledger::create(folder / ledger_name, details.number, open_event, author, context);
    created.keep();
    return CaseFolder(folder, details, std::move(ledger));
}

CaseFolder CaseFolder::open(const fs::path& folder) {
    require_case(folder);
    Ledger ledger = Ledger::open(folder / ledger_name);
    CaseDetails details = read_details(folder, ledger);
    return CaseFolder(folder, std::move(details), std::move(ledger));
}

CaseFolder CaseFolder::open_foreign(const fs::path& folder) {
    require_case(folder);
    Ledger ledger = Ledger::open_foreign(folder / ledger_name);
    CaseDetails details = read_details(folder, ledger);
    return CaseFolder(folder, std::move(details), std::move(ledger));
}

std::optional<fs::path> CaseFolder::find_above(const fs::path& start) {
    std::error_code ignored;  // a folder that may not be looked into holds no case of ours
    fs::path folder = fs::absolute(start, ignored).lexically_normal();
    while (!folder.empty()) {
        if (fs::exists(folder / ledger_name, ignored)) return folder;
        const fs::path parent = folder.parent_path();
        if (parent == folder) break;
        folder = parent;
    }
    return std::nullopt;
}

fs::path CaseFolder::item_folder(std::string_view item_id) const {
    if (!is_item_id(item_id)) {
        throw Error(ErrorKind::usage, "unusable item id: " + std::string(item_id) +
                                          " (expected a letter or digit, then letters, digits and "
                                          "._- up to 64)");
    }
    return folder_ / items_name / item_id;
}

fs::path CaseFolder::packages_folder() const { return folder_ / packages_name; }

fs::path CaseFolder::transfer_folder(std::string_view transfer_id) const {
    if (!is_uuid(transfer_id)) {
        throw Error(ErrorKind::usage,
                    "unusable transfer id: " + std::string(transfer_id) + " (expected a UUID)");
    }
    return folder_ / transfers_name / transfer_id;
}

}  // namespace evidence
