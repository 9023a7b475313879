// A chain of events against the outside heads that were given: the same history, a cut one, or
// another one (evidence-ledger(5), "Checkpoints"). Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "verification/verify_package.h"

namespace evidence {

// The chain that was verified, by a package or a case.
struct ChainAtHand {
    std::string where;      // for findings: "custody.db"
    std::string ledger_id;  // empty when it is not known whose chain it is
    std::uint64_t size = 0;
    Sha256 link{};                          // after the last event
    std::map<std::uint64_t, Sha256> links;  // after that many events, for the sizes of the heads
    bool is_whole = false;                  // a case: nothing can have come after; else a package
    std::string manifest_sha256;            // of the package
    // Of a case: whether it holds the offer with this digest.
    std::function<bool(const std::string& offer_sha256)> knows_offer;
};

// `chain` with what a checkpoint by itself says: the link at its own size.
ChainAtHand chain_at(const CheckpointText& checkpoint, ChainAtHand chain);

// The sizes at which links are needed to compare with heads of this ledger.
std::map<std::uint64_t, Sha256> sizes_to_compare(const VerificationOptions& options,
                                                 std::string_view ledger_id);

// Findings of the layer outside-heads, beside those of OutsideHeads::findings:
//   custody.extends-head      (info) the chain holds what the head fixes
//   custody.within-head       (info) the head is of a later time, and its history begins with the
//                             chain
//   custody.behind-head       (warning) the head is of a later time than a package, or of another
//                             than a checkpoint; whether it is the same history cannot be seen
//                             without the events between
//   custody.contradicts-head  (failed) another history than the head fixes, or a case whose events
//                             were cut off at the end
//   custody.foreign-head      (indeterminate) the head is of another ledger, or about nothing known
//                             here
//   custody.no-outside-head   (info; indeterminate when required) none could be compared; when one
//                             is required, none whose signer is trusted
// The package itself and a head of no events agree, and count for nothing. The layer is one that
// was looked at when a head was compared, or when something is not established or failed.
void compare_with_heads(const ChainAtHand& chain, const VerificationOptions& options,
                        VerificationReport& report);

inline constexpr std::string_view no_head_compared = "no checkpoint held by others was compared";

// By itself of a target that has no chain.
void say_no_outside_head(const VerificationOptions& options, std::string where, Findings& findings,
                         std::string_view why = no_head_compared);

}  // namespace evidence
