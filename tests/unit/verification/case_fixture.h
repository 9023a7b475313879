// A whole case on disk, made with the library and signed by the throw-away certificates, and ways
// to tamper with it as somebody with a database tool could.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <set>

#include "acquisition/acquire.h"
#include "base/atomic_file.h"
#include "custody/case_folder.h"
#include "custody/sqlite_handles.h"
#include "test_context.h"
#include "test_pki.h"
#include "verification/report_output.h"
#include "verification/verify_target.h"

namespace evidence::test {

// Another program at the database, behind the back of the triggers.
inline void tamper_with(const fs::path& database, const std::string& sql) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(database.c_str(), &handle) == SQLITE_OK);
    const DatabaseHandle closing(handle);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    REQUIRE(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

struct CaseFixture {
    TestContext context;
    TemporaryFolder folder;
    fs::path path = folder / "case", database = path / "custody.db";
    std::optional<SigningIdentity> identity;
    EventAuthor author{{"Officer", "Authority", "", "", ""}, nullptr};
    TrustStore trust;
    VerificationOptions options{&trust};
    std::optional<CaseFolder> opened;

    // Everything is signed by this leaf of make_pki.sh; unsigned without one.
    explicit CaseFixture(const std::string& signer = "good-ec") {
        if (!signer.empty()) identity = test_pki().identity(signer);
        if (identity) author.identity = &*identity;
        trust.add_anchors(test_pki().path("root.pem"));
        opened =
            CaseFolder::create(path, {"C-1", "A case", "", "", ""}, author, draft("open"), context);
        write_new_file(folder / "note.txt", as_bytes("a note"));
        acquire("NOTE-01");
        close();
    }

    static EventDraft draft(std::string type, std::vector<std::string> items = {}) {
        EventDraft event;
        event.type = std::move(type);
        event.items = std::move(items);
        return event;
    }
    void acquire(const std::string& item) {
        AcquireRequest request;
        request.source = (folder / "note.txt").native();
        request.item_id = item;
        request.author = author;
        request.tool = {"test", "1", ""};
        evidence::acquire(*opened, request, context);
    }
    void open() { opened = CaseFolder::open(path); }
    void close() { opened.reset(); }
    void append(const EventDraft& event) {
        open();
        opened->ledger().append(event, author, context);
        close();
    }

    void tamper(const std::string& sql) { tamper_with(database, sql); }
    static std::string whole(const fs::path& file) { return read_small_file(file, 16 * mib); }
    static void overwrite(const fs::path& file, std::string_view text) {
        fs::remove(file);
        write_new_file(file, as_bytes(text));
    }
    // Replaces the first occurrence in a file.
    static void edit(const fs::path& file, std::string_view from, std::string_view to) {
        std::string text = whole(file);
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        overwrite(file, text.replace(at, from.size(), to));
    }

    VerificationReport verify() { return verify_case(path, options, context); }
};

inline std::set<std::string> codes_of(const VerificationReport& report, Weight weight) {
    std::set<std::string> codes;
    for (const Finding& finding : report.findings.all()) {
        if (finding.weight == weight) codes.insert(finding.code);
    }
    return codes;
}

inline std::string text_of(const VerificationReport& report) { return report_text(report, true); }

}  // namespace evidence::test
