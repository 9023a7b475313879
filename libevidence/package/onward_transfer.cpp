// require_onward: conditions about handing on what another case gave.
#include <algorithm>

#include "base/error.h"
#include "package/disclose.h"

namespace evidence {
namespace {

bool forbids_onward(const Json& conditions) {
    const Json::Array& all = conditions.items();
    return std::any_of(all.begin(), all.end(), [](const Json& condition) {
        const std::string& kind = condition.at("kind").string();
        return kind == "no-onward" || kind == "onward-transfer";
    });
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
    if (is_own || !forbids_onward(package.conditions)) return;
    bool is_authorized = false;
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        const Event& event = line.event.value();
        const bool is_about_it = event.type == "onward_authorized" || event.type == "onward_denied";
        if (!is_about_it || event.detail.text_or("package", "") != package.id) return;
        is_authorized = event.type == "onward_authorized";
    });
    if (is_authorized) return;
    throw Error(ErrorKind::refused,
                "a condition binds the package: it may be handed on only with leave, and the "
                "ledger has no authorization for package " +
                    package.id,
                "once there is leave: evidence-custody record --type onward_authorized --package " +
                    package.id);
}

}  // namespace evidence
