// Answers: what a check found, with a stable code, how much it weighs, and the verdict that follows
// (ETSI EN 319 102-1 clause 5: TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED).
//
// Codes ("payload.digest-mismatch") are a contract with scripts; they are listed in
// evidence-verify(1) and never change their meaning.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace evidence {

// The questions a verification answers, never blurred into one.
enum class Layer {
    structure,
    content,
    signature,
    identity,
    time,
    custody,
    outside_heads,
    acquisition,
    legal
};

enum class Weight {
    info,           // a fact worth knowing
    warning,        // something a reader must be told; the verdict stands
    indeterminate,  // cannot be established with what was given
    failed,         // shown to be wrong
};

enum class Verdict { total_passed, indeterminate, total_failed };

inline constexpr std::size_t layer_count = static_cast<std::size_t>(Layer::legal) + 1;

struct Finding {
    std::string code;  // "zip.gap"
    Layer layer;
    Weight weight;
    std::string message;  // plain words, lower case, no final period; may quote evidence raw
    std::string where;    // entry, event number, byte range; empty when it is about the whole
};

std::string_view name_of(Layer layer);  // "outside-heads"
std::string_view name_of(Weight weight);
std::string_view name_of(Verdict verdict);  // "TOTAL-PASSED"

// Findings in the order they were made. Hostile input can provoke any number of them, so each code
// is kept at most `max_per_code` times and counted beyond that.
class Findings {
public:
    static constexpr std::size_t max_per_code = 100;

    void add(Finding finding);
    void add(std::string code, Layer layer, Weight weight, std::string message,
             std::string where = {});
    void append(const Findings& others);

    const std::vector<Finding>& all() const { return findings_; }
    bool has(std::string_view code) const;
    bool has_failure() const { return verdict() == Verdict::total_failed; }
    std::size_t dropped() const { return dropped_; }

    // The heaviest finding decides.
    Verdict verdict() const;
    // The heaviest weight in one layer; info when it has none.
    Weight heaviest(Layer layer) const;

private:
    std::vector<Finding> findings_;
    std::size_t dropped_ = 0;
    // Also of findings that were only counted.
    std::array<Weight, layer_count> heaviest_{};
};

}  // namespace evidence
