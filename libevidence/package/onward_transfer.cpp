// require_onward: conditions about handing on what another case gave.
#include <algorithm>

#include "base/error.h"
#include "base/printable.h"
#include "package/disclose.h"

namespace evidence {
namespace {

// "no-onward: ask us": the first that binds who hands it on; empty when none does.
std::string condition_in(const Json& conditions) {
    const Json::Array& all = conditions.items();
    const auto found = std::find_if(all.begin(), all.end(), [](const Json& condition) {
        const std::string& kind = condition.at("kind").string();
        return kind == "no-onward" || kind == "onward-transfer";
    });
    if (found == all.end()) return {};
    return found->at("kind").string() + ": " + printable(found->at("text").string());
}

// The ledger of the first seal, however often it was cut since.
std::string first_ledger(const OriginPackage& origin) {
    const OriginView first(origin, OriginView::levels(origin) - 1);
    return parse_terms_document(first.content("terms.json", json_max_document_bytes),
                                first.name("terms.json"))
        .ledger_id;
}

}  // namespace

void require_onward(const Ledger& ledger, const OriginPackage& origin) {
    const PackageDocument& package = origin.document();
    const bool is_own = package.ledger_id == ledger.id() && first_ledger(origin) == ledger.id();
    if (is_own || condition_in(package.conditions).empty()) return;
    bool is_authorized = false;
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        const Event& event = line.event.value();
        const bool is_about_it = event.type == "onward_authorized" || event.type == "onward_denied";
        if (!is_about_it || event.detail.text_or("package", "") != package.id) return;
        is_authorized = event.type == "onward_authorized";
    });
    if (is_authorized) return;
    throw Error(ErrorKind::refused,
                "a condition binds the package: " + condition_in(package.conditions) +
                    " (expected leave in the ledger for package " + package.id + ")",
                "once there is leave: evidence-custody record --type onward_authorized --package " +
                    package.id);
}

}  // namespace evidence
