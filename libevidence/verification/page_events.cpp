// Event types (custody/event_types.h) in plain words.
#include <algorithm>
#include <iterator>

#include "verification/page_parts.h"

namespace evidence {
namespace {

struct EventWord {
    std::string_view type;
    const char* english;
};

constexpr EventWord event_words[] = {
    {"access", translatable("Accessed")},
    {"acquire", translatable("Acquired")},
    {"acquire_failed", translatable("Acquisition failed")},
    {"acquire_resumed", translatable("Acquisition resumed")},
    {"analyse", translatable("Analysed")},
    {"certify", translatable("Certified")},
    {"check_in", translatable("Checked in")},
    {"check_out", translatable("Checked out")},
    {"checkpoint", translatable("Checkpoint of the ledger")},
    {"close", translatable("Transfer closed")},
    {"collect", translatable("Collected")},
    {"condition_accepted", translatable("Condition accepted")},
    {"condition_declined", translatable("Condition declined")},
    {"condition_set", translatable("Condition set")},
    {"confidentiality_cannot_comply", translatable("Confidentiality cannot be kept")},
    {"confidentiality_lifted", translatable("Confidentiality lifted")},
    {"confidentiality_set", translatable("Confidentiality required")},
    {"copy", translatable("Copied")},
    {"correction", translatable("Correction of an earlier entry")},
    {"decrypt", translatable("Decrypted")},
    {"derive", translatable("Derived from another item")},
    {"disclose", translatable("Disclosed in part")},
    {"discrepancy", translatable("Discrepancy found")},
    {"dispatch", translatable("Dispatched")},
    {"dispose", translatable("Disposed of")},
    {"exculpatory_notice", translatable("Notice of exculpatory use")},
    {"export", translatable("Exported")},
    {"formal_confirmation", translatable("Formally confirmed")},
    {"hand_over", translatable("Handed over")},
    {"identify", translatable("Identified")},
    {"incident", translatable("Incident")},
    {"intake", translatable("Taken in")},
    {"key_rotated", translatable("Signing key replaced")},
    {"label", translatable("Labelled")},
    {"move", translatable("Moved")},
    {"offer", translatable("Offered")},
    {"onward_authorized", translatable("Onward transfer authorized")},
    {"onward_denied", translatable("Onward transfer denied")},
    {"open", translatable("Case opened")},
    {"preservation_expiring", translatable("Preservation about to expire")},
    {"preservation_held_pending_mla", translatable("Preserved until the request is decided")},
    {"preservation_ordered", translatable("Preservation ordered")},
    {"preservation_released", translatable("Preservation ended")},
    {"preservation_renewed", translatable("Preservation renewed")},
    {"preservation_requested", translatable("Preservation requested")},
    {"preservation_started", translatable("Preservation started")},
    {"preserve", translatable("Preserved")},
    {"produce", translatable("Produced")},
    {"receipt", translatable("Receipt given")},
    {"receipt_signed", translatable("Receipt signed")},
    {"receive", translatable("Received")},
    {"redact", translatable("Redacted")},
    {"refuse", translatable("Refused")},
    {"release_to_owner", translatable("Released to the owner")},
    {"remove", translatable("Removed at the source")},
    {"render_inaccessible", translatable("Made inaccessible at the source")},
    {"renew", translatable("Time-stamps renewed")},
    {"request_accepted", translatable("Request accepted")},
    {"request_acknowledged", translatable("Request acknowledged")},
    {"request_conditional", translatable("Request accepted with conditions")},
    {"request_executed", translatable("Request executed")},
    {"request_more_info", translatable("More information requested")},
    {"request_postponed", translatable("Request postponed")},
    {"request_progress", translatable("Progress of the request")},
    {"request_refused", translatable("Request refused")},
    {"request_sent", translatable("Request sent")},
    {"request_withdrawn", translatable("Request withdrawn")},
    {"return", translatable("Returned")},
    {"seal", translatable("Sealed")},
    {"search_extend", translatable("Search extended")},
    {"seize", translatable("Seized")},
    {"spontaneous_info_received", translatable("Spontaneous information received")},
    {"spontaneous_info_sent", translatable("Spontaneous information sent")},
    {"store", translatable("Stored")},
    {"third_state_provider_notified", translatable("Provider in a third State notified")},
    {"traffic_partial_disclosed", translatable("Traffic data disclosed in part")},
    {"translate", translatable("Translated")},
    {"unavoidable_change", translatable("Unavoidable change")},
    {"unseal", translatable("Unsealed")},
    {"use_consent_granted", translatable("Consent to other use granted")},
    {"use_consent_requested", translatable("Consent to other use requested")},
    {"use_report", translatable("Report on use")},
    {"verify_failed", translatable("Verification failed")},
    {"verify_ok", translatable("Verified")},
};

}  // namespace

std::string words_for_event(std::string_view type, const Translation& words) {
    const auto* found = std::find_if(std::begin(event_words), std::end(event_words),
                                     [type](const EventWord& word) { return word.type == type; });
    return found == std::end(event_words) ? std::string(type) : words.text(found->english);
}

}  // namespace evidence
