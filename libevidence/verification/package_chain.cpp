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
        for (const OutsideHead* head : given_) {
            if (before.contains(head->manifest_sha256) || !is_earlier(*head, this_one())) continue;
            add("package.previous-unnamed", Weight::warning,
                is_whole ? "sealed earlier from the same ledger, but not among the packages before "
                           "this one"
                         : "sealed earlier from the same ledger, but those given do not lead from "
                           "this package to it",
                head->where);
        }
    }

private:
    // What of a package has to rise along the chain.
    struct Link {
        std::string_view ledger_id, case_number;
        std::uint64_t ledger_size;
        UtcTime created_at;
    };
    Link this_one() const {
        return {package_.ledger_id, package_.case_number, package_.ledger_size,
                package_.created_at};
    }

    // Goes back from package to package; false when the chain breaks off.
    bool follow(std::set<std::string>& before) {
        if (!package_.previous) return true;
        std::string wanted = package_.previous->manifest_sha256;
        Link next = this_one();
        for (bool is_first = true; !wanted.empty(); is_first = false) {
            const OutsideHead* head = find(wanted);
            if (!head) {
                // Who has others of the ledger may well be kept from having this one.
                add("package.previous-not-given",
                    others_were_given() ? Weight::warning : Weight::info,
                    "a package before this one was not compared: " + wanted, std::string(where));
                return false;
            }
            before.insert(wanted);
            if (!is_earlier(*head, next)) {
                add("package.previous-differs", Weight::failed,
                    is_first ? "named as sealed before this package, but it is of another case or "
                               "ledger, or later"
                             : "named as sealed before another of the packages before this one, "
                               "but it is of another case or ledger, or later",
                    head->where);
                return false;
            }
            if (is_first) {
                add("package.previous-agrees", Weight::info, "the package sealed before this one",
                    head->where);
            }
            wanted = head->package->previous_manifest_sha256;
            next = {head->package->ledger_id, head->package->case_number, head->checkpoint->size,
                    head->package->created_at};
        }
        return true;
    }

    const OutsideHead* find(const std::string& manifest) const {
        const auto found = std::find_if(given_.begin(), given_.end(), [&](const OutsideHead* head) {
            return head->manifest_sha256 == manifest;
        });
        return found == given_.end() ? nullptr : *found;
    }

    bool others_were_given() const {
        return std::any_of(given_.begin(), given_.end(), [&](const OutsideHead* head) {
            return head->package->ledger_id == package_.ledger_id;
        });
    }

    // From the same ledger, at a time when that was shorter.
    static bool is_earlier(const OutsideHead& head, const Link& next) {
        return head.package->ledger_id == next.ledger_id &&
               head.package->case_number == next.case_number &&
               head.checkpoint->size < next.ledger_size &&
               head.package->created_at <= next.created_at;
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
