#include "base/finding.h"

#include <algorithm>

namespace evidence {

std::string_view name_of(Layer layer) {
    switch (layer) {
        case Layer::structure:
            return "structure";
        case Layer::content:
            return "content";
        case Layer::signature:
            return "signature";
        case Layer::identity:
            return "identity";
        case Layer::time:
            return "time";
        case Layer::custody:
            return "custody";
        case Layer::outside_heads:
            return "outside-heads";
        case Layer::acquisition:
            return "acquisition";
        case Layer::legal:
            return "legal";
    }
    return "";
}

std::string_view name_of(Weight weight) {
    switch (weight) {
        case Weight::info:
            return "info";
        case Weight::warning:
            return "warning";
        case Weight::indeterminate:
            return "indeterminate";
        case Weight::failed:
            return "failed";
    }
    return "";
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::total_passed:
            return "TOTAL-PASSED";
        case Verdict::indeterminate:
            return "INDETERMINATE";
        case Verdict::total_failed:
            return "TOTAL-FAILED";
    }
    return "";
}

void Findings::add(Finding finding) {
    Weight& heaviest = heaviest_[static_cast<std::size_t>(finding.layer)];
    heaviest = std::max(heaviest, finding.weight);
    const auto same_code = [&](const Finding& other) { return other.code == finding.code; };
    if (static_cast<std::size_t>(std::count_if(findings_.begin(), findings_.end(), same_code)) >=
        max_per_code) {
        ++dropped_;
        return;
    }
    findings_.push_back(std::move(finding));
}

void Findings::add(std::string code, Layer layer, Weight weight, std::string message,
                   std::string where) {
    add(Finding{std::move(code), layer, weight, std::move(message), std::move(where)});
}

void Findings::append(const Findings& others) {
    for (const Finding& finding : others.findings_) add(finding);
    dropped_ += others.dropped_;
    for (std::size_t layer = 0; layer < layer_count; ++layer) {
        heaviest_[layer] = std::max(heaviest_[layer], others.heaviest_[layer]);
    }
}

bool Findings::has(std::string_view code) const {
    return std::any_of(findings_.begin(), findings_.end(),
                       [&](const Finding& finding) { return finding.code == code; });
}

Verdict Findings::verdict() const {
    const Weight heaviest = *std::max_element(heaviest_.begin(), heaviest_.end());
    if (heaviest == Weight::failed) return Verdict::total_failed;
    if (heaviest == Weight::indeterminate) return Verdict::indeterminate;
    return Verdict::total_passed;
}

Weight Findings::heaviest(Layer layer) const { return heaviest_[static_cast<std::size_t>(layer)]; }

}  // namespace evidence
