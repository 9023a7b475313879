// Sealing: items, custody and terms of a case into one signed package, written front to back.
//
// Thread rule: one thread at a time per case; works with threads of its own inside.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/context.h"
#include "custody/case_folder.h"
#include "package/cosignature.h"
#include "package/documents.h"
#include "package/seal_selection.h"
#include "signature/timestamp_authority.h"

namespace evidence {

struct SealRequest {
    ItemSelection selection = ItemSelection::all;
    std::vector<std::string> items;   // for ItemSelection::named
    Json request;                     // the MLA request answered; null when none
    Json conditions = Json::array();  // each {"kind","text"}
    TimestampPolicy timestamp = TimestampPolicy::none;
    bool signature_time_stamps = false;  // also inside the signatures, with `included` (CAdES B-T)
    // Into both signatures go those of the signer's issuers (CAdES B-LT); none given: none.
    std::vector<RevocationList> revocation_lists;
    // Asked for tokens with TimestampPolicy::included: one before anything is written, to see that
    // it answers, and one or two for each signature. Not owned.
    const TimestampAuthority* authority = nullptr;
    std::vector<SigningIdentity> cosigners;  // besides the sealer, in this order
    std::string tool_name, tool_version;
};

struct SealedPackage {
    std::string id, manifest_sha256, file_sha256;
    std::uint64_t size_bytes = 0, objects = 0, records = 0;
    std::vector<std::string> items;
    std::vector<std::string> cosigned_by;  // fingerprints, in their order
    UtcTime created_at;
    CheckpointText ledger_head;                // custody/checkpoint: the chain as it was sealed
    std::optional<TimestampFacts> time_stamp;  // over the first signature, when seal asked for one
};

// Writes the package to `output` and appends nothing to the ledger: record_seal does, once the
// file is durable under its final name. Re-hashes every byte it copies; Error(refused) naming the
// item when they are not those of its acquisition record, Error(refused) also when an event of the
// package is later than the clock, or concerns items inside and outside, or the time-stamping
// authority refuses or is not to be believed (request_timestamp); Error(crypto) when the revocation
// lists speak against signing (revocation_lists_for). Preconditions: require_sealing_identity
// passed (require_cosigners is called here), `author` signs with `identity`, and check_draft
// (custody/event_writer.h) passed for what record_seal will be given: a package whose event is
// refused would be complete and unrecorded.
SealedPackage seal(CaseFolder& case_folder, const SealRequest& request,
                   const SigningIdentity& identity, const EventAuthor& author,
                   const std::function<void(ByteView)>& output, const Context& context);

// Appends a `seal` event, with `draft`'s place, reason and authority, for each item of a finished
// package that has none yet, and keeps the checkpoint the package carries. One event per item: an
// event about several would have to be withheld from a later package of some of them, and its tags
// would then look like something hidden. All in one transaction, so that no item of a package is
// left for ItemSelection::all_not_yet_sealed. Returns the numbers of the events appended, none when
// the ledger knew the package already.
std::vector<std::uint64_t> record_seal(CaseFolder& case_folder, const SealedPackage& package,
                                       const EventDraft& draft, const EventAuthor& author,
                                       const Context& context);

// What record_seal needs, read back from a package whose seal was never recorded (crash repair).
// Reads the whole file: Error(refused) unless its structure, its manifests and its signature hold
// and it continues to belong to this case's chain.
SealedPackage describe_package(const CaseFolder& case_folder, const fs::path& package,
                               const Context& context);

}  // namespace evidence
