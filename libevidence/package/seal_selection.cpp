#include "package/seal_selection.h"

#include <algorithm>

#include "base/error.h"

namespace evidence {
namespace {

AcquirePromise promise_of(const Event& event, const std::string& item) {
    AcquirePromise promise;
    promise.acquisition_sha256 = event.detail.at("acquisition_sha256").string();
    const auto digests = event.digests_after.find(item);
    if (digests != event.digests_after.end()) {
        const auto sha256 = digests->second.find(Algorithm::sha256);
        if (sha256 != digests->second.end()) promise.object_sha256 = sha256->second;
    }
    return promise;
}

void require_known(const Ledger& ledger, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (ledger.find_item(name)) continue;
        throw Error(ErrorKind::not_found,
                    "no such item: " + name + " (expected an item of the case)",
                    "evidence-custody log lists what was acquired");
    }
}

}  // namespace

SealHistory read_seal_history(const Ledger& ledger, std::uint64_t size) {
    SealHistory history;
    ledger.visit(0, size, [&history](const LedgerLine& line) {
        const Event& event = line.event.value();
        if (event.type == "acquire") {
            for (const std::string& item : event.items) {
                history.acquired[item] = promise_of(event, item);
            }
        } else if (event.type == "seal") {
            history.sealed.insert(event.items.begin(), event.items.end());
            history.previous = PreviousPackage{event.detail.at("file_sha256").string(),
                                               event.detail.at("manifest_sha256").string()};
        }
    });
    return history;
}

std::vector<ItemRow> select_items(const Ledger& ledger, const SealHistory& history,
                                  ItemSelection selection, const std::vector<std::string>& names) {
    if (selection == ItemSelection::named) require_known(ledger, names);
    std::vector<ItemRow> rows = ledger.items();
    std::erase_if(rows, [&](const ItemRow& row) {
        // Acquired after the head that is being sealed.
        if (!history.acquired.contains(row.id)) return true;
        if (selection == ItemSelection::named) {
            return std::find(names.begin(), names.end(), row.id) == names.end();
        }
        return selection == ItemSelection::all_not_yet_sealed && history.sealed.contains(row.id);
    });
    if (rows.empty()) {
        const bool only_new = selection == ItemSelection::all_not_yet_sealed;
        throw Error(ErrorKind::refused,
                    only_new ? "nothing to seal: every item is in an earlier package (expected a "
                               "new item)"
                             : "nothing to seal: the case has no items (expected at least one)",
                    only_new ? "--all or --item seals items again"
                             : "evidence-acquire brings items into a case");
    }
    return rows;
}

RecordedPackage events_of_package(const Ledger& ledger, std::string_view type,
                                  std::string_view package_id) {
    RecordedPackage recorded;
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        const Event& event = line.event.value();
        if (event.type != type || event.detail.text_or("package", "") != package_id) return;
        ++recorded.events;
        recorded.items.insert(event.items.begin(), event.items.end());
    });
    return recorded;
}

}  // namespace evidence
