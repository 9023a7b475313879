// Verification of a case folder: the whole ledger, and every item's files against its acquisition
// record and its acquire event.
#include "base/error.h"
#include "custody/case_folder.h"
#include "verification/case_check.h"
#include "verification/required_elsewhere.h"

namespace evidence {
namespace {

constexpr std::size_t case_document_max_bytes = 16 * mib;

void read_case_document(CaseCheck& check, const Ledger* ledger) {
    try {
        const CaseDetails details = parse_case_document(
            read_small_file(check.folder / "case.json", case_document_max_bytes), "case.json");
        check.report.case_number = details.number;
        check.report.case_title = details.title;
        if (ledger && check.report.case_number != ledger->case_number()) {
            check.fail("custody.wrong-case", Layer::custody,
                       "case.json and the ledger name different cases", "case.json");
        }
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), "case.json");
    }
}

}  // namespace

VerificationReport verify_case(const fs::path& folder, const VerificationOptions& options,
                               const Context& context) {
    VerificationReport report;
    report.target = folder.native();
    report.kind = TargetKind::case_folder;
    report.checked_at = context.clock.now();
    CaseCheck check(folder, options, context, report);
    std::optional<Ledger> ledger;
    check.reads_store([&] { ledger = Ledger::open_foreign(folder / "custody.db"); });
    read_case_document(check, ledger ? &*ledger : nullptr);
    report.layers = {Layer::structure, Layer::custody};
    if (!ledger) return report;
    report.layers = {Layer::structure, Layer::content, Layer::signature,  Layer::identity,
                     Layer::time,      Layer::custody, Layer::acquisition};
    context.progress.start("verifying", std::nullopt);
    check_case_ledger(check, *ledger);
    check_case_items(check);
    check_case_packages(check);
    context.progress.finish();
    require_what_is_elsewhere(options, report);
    return report;
}

}  // namespace evidence
