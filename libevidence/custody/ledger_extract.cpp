#include "custody/ledger_extract.h"

#include <algorithm>

#include "base/error.h"

namespace evidence {
namespace {

void refuse_mixed(const Event& event, const std::set<std::string>& items) {
    for (const std::string& item : event.items) {
        if (!items.contains(item)) continue;
        throw Error(ErrorKind::refused,
                    "event " + std::to_string(event.seq) + " concerns item " + item +
                        " and others that are not given (expected all of its items or none)",
                    "give these items together");
    }
}

}  // namespace

bool is_shown(const Event& event, const std::set<std::string>& items) {
    if (event.seq == 0) return true;  // open
    return !event.items.empty() &&
           std::all_of(event.items.begin(), event.items.end(),
                       [&](const std::string& item) { return items.contains(item); });
}

ExtractFacts extract_ledger(const Ledger& ledger, std::uint64_t size,
                            const std::set<std::string>& items,
                            const std::function<void(std::string_view line)>& sink,
                            MixedEvents mixed) {
    ExtractFacts facts;
    ledger.visit(0, size, [&](const LedgerLine& full) {
        if (is_shown(*full.event, items)) {
            ++facts.shown;
            if (!full.signer.empty()) facts.signers.insert(full.signer);
            const UtcTime latest = std::max(full.event->at, full.event->written_at());
            facts.latest = std::max(facts.latest.value_or(latest), latest);
            sink(format_ledger_line(full));
            return;
        }
        if (mixed == MixedEvents::refused) refuse_mixed(*full.event, items);
        ++facts.withheld;
        LedgerLine withheld;
        withheld.seq = full.seq;
        withheld.event_bytes_digest = full.event_bytes_digest;
        withheld.tags = full.tags;
        withheld.link = full.link;
        sink(format_ledger_line(withheld));
    });
    return facts;
}

}  // namespace evidence
