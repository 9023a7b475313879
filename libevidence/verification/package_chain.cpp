#include "verification/package_chain.h"

#include <algorithm>

#include "verification/outside_head.h"

namespace evidence {
namespace {

constexpr std::string_view where = "package.json";

class PackageChain {
public:
    explicit PackageChain(const PackageCheck& check) : check_(check), package_(*check.package) {
        if (!check.options.heads) return;
        for (const OutsideHead& head : check.options.heads->all()) {
            if (head.package && head.manifest_sha256 != check.report.manifest_sha256) {
                given_.push_back(&head);
            }
        }
    }

    void run() {
        std::set<std::string> before;  // manifests of the packages that lead here
        const bool is_whole = follow(before);
        if (!is_whole) return;  // those that are missing may name the others
        for (const OutsideHead* head : given_) {
            if (before.contains(head->manifest_sha256) || !is_earlier(*head)) continue;
            add("package.previous-unnamed", Weight::warning,
                "sealed earlier from the same ledger, but not among the packages before this one",
                head->where);
        }
    }

private:
    // Goes back from package to package; false when one that is named was not given.
    bool follow(std::set<std::string>& before) {
        if (!package_.previous) return true;
        std::string wanted = package_.previous->manifest_sha256;
        for (bool is_first = true; !wanted.empty(); is_first = false) {
            const OutsideHead* head = find(wanted);
            if (!head) {
                add("package.previous-not-given", Weight::info,
                    "the package before this one was not compared: " + wanted, std::string(where));
                return false;
            }
            before.insert(wanted);
            if (!is_earlier(*head)) {
                add("package.previous-differs", Weight::failed,
                    "named as sealed before this package, but it is of another case or ledger, or "
                    "later",
                    head->where);
                return false;
            }
            if (is_first) {
                add("package.previous-agrees", Weight::info, "the package sealed before this one",
                    head->where);
            }
            wanted = head->package->previous_manifest_sha256;
        }
        return true;
    }

    const OutsideHead* find(const std::string& manifest) const {
        const auto found = std::find_if(given_.begin(), given_.end(), [&](const OutsideHead* head) {
            return head->manifest_sha256 == manifest;
        });
        return found == given_.end() ? nullptr : *found;
    }

    // From the same ledger, at a time when that was shorter.
    bool is_earlier(const OutsideHead& head) const {
        return head.package->ledger_id == package_.ledger_id &&
               head.package->case_number == package_.case_number &&
               head.checkpoint->size < package_.ledger_size &&
               head.package->created_at <= package_.created_at;
    }

    void add(std::string code, Weight weight, std::string message, std::string place) const {
        check_.findings().add(std::move(code), Layer::custody, weight, std::move(message),
                              std::move(place));
    }

    const PackageCheck& check_;
    const PackageDocument& package_;
    std::vector<const OutsideHead*> given_;
};

}  // namespace

void check_package_chain(const PackageCheck& check) {
    if (check.package) PackageChain(check).run();
}

}  // namespace evidence
