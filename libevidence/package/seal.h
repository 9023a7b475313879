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
#include "package/disclosure_document.h"
#include "package/package_signing.h"
#include "package/seal_selection.h"

namespace evidence {

struct SealRequest : PackageTerms {
    ItemSelection selection = ItemSelection::all;
    std::vector<std::string> items;  // for ItemSelection::named
};

struct SealedPackage {
    std::string id, manifest_sha256, file_sha256;
    std::uint64_t size_bytes = 0, objects = 0, records = 0;
    std::vector<std::string> items;
    std::vector<std::string> cosigned_by;  // fingerprints, in their order
    UtcTime created_at;
    CheckpointText ledger_head;                // custody/checkpoint: the chain as it was sealed
    std::optional<TimestampFacts> time_stamp;  // over the first signature, when seal asked for one
    // Of a disclosure: what it gives. `items` are then those of this case whose record it has.
    std::optional<DisclosureDocument> disclosure;
    std::uint64_t passed_over = 0;  // entries that fitted a pattern and could not be cut out
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

// The same for an event of any type and detail, what record_seal and record_disclosure do alike. A
// package without items gets one event about none.
std::vector<std::uint64_t> record_package(CaseFolder& case_folder, const SealedPackage& package,
                                          EventDraft event, const EventAuthor& author,
                                          const Context& context);

// What record_seal (or record_disclosure) needs, read back from a package whose seal was never
// recorded (crash repair). Reads the whole file: Error(refused) unless its structure, its manifests
// and its signature hold and it continues to belong to this case's chain.
SealedPackage describe_package(const CaseFolder& case_folder, const fs::path& package,
                               const Context& context);

}  // namespace evidence
