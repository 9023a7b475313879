#include "verification/head_comparison.h"

#include <fmt/format.h>

#include "custody/ledger.h"
#include "verification/outside_head.h"
#include "verification/package_head.h"

namespace evidence {
namespace {

class Comparison {
public:
    Comparison(const ChainAtHand& chain, Findings& findings) : chain_(chain), findings_(findings) {}

    // Whether the head shows the chain to be the one that others know, or another.
    bool compare(const OutsideHead& head) {
        if (head.package && head.manifest_sha256 == chain_.manifest_sha256) {
            agrees(head, "it is this very package, which says nothing of what others hold");
            return false;
        }
        if (!chain_.manifest_sha256.empty() && head.manifest_sha256 == chain_.manifest_sha256) {
            return agrees(head, "it names this very package");
        }
        if (head.checkpoint && head.checkpoint->origin == ledger_origin(chain_.ledger_id)) {
            return compare_checkpoint(head, *head.checkpoint);
        }
        if (!head.offer_sha256.empty() && chain_.knows_offer &&
            chain_.knows_offer(head.offer_sha256)) {
            return agrees(head, "it answers an offer that the case holds");
        }
        add("custody.foreign-head", Weight::indeterminate, head,
            head.checkpoint ? "it is of another ledger"
                            : "it speaks of nothing that is known here");
        return false;
    }

private:
    bool compare_checkpoint(const OutsideHead& head, const CheckpointText& checkpoint) {
        if (checkpoint.size > chain_.size) return compare_later(head, checkpoint);
        const auto link = chain_.links.find(checkpoint.size);
        if (link == chain_.links.end()) {
            add("custody.behind-head", Weight::warning, head,
                fmt::format("of an earlier time, {} events, and only what is fixed after {} is at "
                            "hand",
                            checkpoint.size, chain_.size));
            return false;
        }
        if (link->second == checkpoint.hash && checkpoint.size == 0) {
            agrees(head, "it fixes no event, as every history of this ledger begins");
            return false;
        }
        if (link->second == checkpoint.hash) {
            return agrees(head, fmt::format("the history holds its {} events", checkpoint.size));
        }
        add("custody.contradicts-head", Weight::failed, head,
            fmt::format("it is another history: the first {} events are not those it fixes",
                        checkpoint.size));
        return true;
    }

    bool compare_later(const OutsideHead& head, const CheckpointText& checkpoint) {
        const std::string sizes =
            fmt::format("it fixes {} events, here are {}", checkpoint.size, chain_.size);
        if (chain_.is_whole) {
            add("custody.contradicts-head", Weight::failed, head,
                "events were cut off at the end: " + sizes);
            return true;
        }
        std::optional<Sha256> link;
        if (head.package) {
            link = link_in(head);
        }
        if (!link) {
            add("custody.behind-head", Weight::warning, head,
                "it is of a later time, and without the events between it cannot be seen whether "
                "it is the same history: " +
                    sizes);
            return false;
        }
        if (*link == chain_.link) {
            add("custody.within-head", Weight::info, head, "its history begins with this one");
        } else {
            add("custody.contradicts-head", Weight::failed, head,
                fmt::format("it is another history: its first {} events are not those here",
                            chain_.size));
        }
        return true;
    }

    // Nothing when another package lies there by now.
    std::optional<Sha256> link_in(const OutsideHead& head) const {
        const File file = File::open_regular(head.where);
        const PackageHead package = read_package_head(file, head.where);
        if (package.manifest_sha256 != head.manifest_sha256) return std::nullopt;
        return link_in_package(file, package, chain_.size);
    }

    bool agrees(const OutsideHead& head, const std::string& message) {
        add("custody.extends-head", Weight::info, head, message);
        return true;
    }

    void add(std::string code, Weight weight, const OutsideHead& head, const std::string& message) {
        const std::string whose =
            head.signer.empty() ? ", not signed" : ", signed by " + head.signer;
        findings_.add(std::move(code), Layer::outside_heads, weight,
                      message + " (" + head.what + whose + ")", head.where);
    }

    const ChainAtHand& chain_;
    Findings& findings_;
};

}  // namespace

ChainAtHand chain_at(const CheckpointText& checkpoint, ChainAtHand chain) {
    const std::string origin = ledger_origin("");
    if (checkpoint.origin.starts_with(origin)) {
        chain.ledger_id = checkpoint.origin.substr(origin.size());
    }
    chain.size = checkpoint.size;
    chain.link = checkpoint.hash;
    chain.links[checkpoint.size] = checkpoint.hash;
    return chain;
}

std::map<std::uint64_t, Sha256> sizes_to_compare(const VerificationOptions& options,
                                                 std::string_view ledger_id) {
    std::map<std::uint64_t, Sha256> links;
    if (!options.heads) return links;
    for (const OutsideHead& head : options.heads->all()) {
        if (!head.checkpoint || head.checkpoint->origin != ledger_origin(ledger_id)) continue;
        links[head.checkpoint->size] =
            head.checkpoint->size == 0 ? first_link(ledger_id) : Sha256{};
    }
    return links;
}

void say_no_outside_head(const VerificationOptions& options, std::string where, Findings& findings,
                         std::string_view why) {
    findings.add(
        "custody.no-outside-head", Layer::outside_heads,
        options.required.has(Requirement::outside_head) ? Weight::indeterminate : Weight::info,
        std::string(why) + ": later events that were cut off cannot be excluded", std::move(where));
}

void compare_with_heads(const ChainAtHand& chain, const VerificationOptions& options,
                        VerificationReport& report) {
    const bool needs_trust = options.required.has(Requirement::outside_head);
    bool was_compared = false, was_enough = false;
    if (options.heads) {
        report.findings.append(options.heads->findings());
        Comparison comparison(chain, report.findings);
        for (const OutsideHead& head : options.heads->all()) {
            if (!comparison.compare(head)) continue;
            was_compared = true;
            if (head.signer_is_trusted || !needs_trust) was_enough = true;
        }
    }
    if (!was_enough) {
        say_no_outside_head(options, chain.where, report.findings,
                            was_compared ? "no head whose signer is trusted was compared"
                            : options.heads && !options.heads->empty()
                                ? "none of the heads given could be compared"
                                : no_head_compared);
    }
    if (was_enough || report.findings.heaviest(Layer::outside_heads) >= Weight::indeterminate) {
        report.layers.insert(Layer::outside_heads);
    }
}

}  // namespace evidence
