// Selective disclosure: parts of a sealed package into a package of their own that proves where
// they come from (evidence-package(5), "Disclosure").
//
// Thread rule: one thread at a time per case; works with threads of its own inside.
#pragma once

#include <functional>
#include <string>

#include "package/disclosure_document.h"
#include "package/disclosure_selection.h"
#include "package/origin_view.h"
#include "package/package_signing.h"
#include "package/seal.h"

namespace evidence {

// PackageTerms::conditions are added to those of the original.
struct DiscloseRequest : PackageTerms {
    DisclosureSelection selection;
    DisclosureKind kind = DisclosureKind::blind;
    std::optional<GivenTo> given;
    std::string asked, authority, legal_basis;
};

// Writes the disclosure to `output` and appends nothing to the ledger: record_disclosure does, once
// the file is durable under its final name. The case is the discloser's own, which may be another
// than the one the original was sealed from.
//
// Signatures 001 and 002 of the original, its item tree, and every byte that is given are checked;
// nothing else of it is hashed. Error(refused) when one of them does not hold, when the original's
// conditions forbid handing it on and the ledger has no authorization, or an event would be later
// than the clock; Error(not_found) for what is not in the original; the errors of seal() besides.
// Preconditions as of seal().
SealedPackage disclose(CaseFolder& case_folder, const OriginPackage& origin,
                       const DiscloseRequest& request, const SigningIdentity& identity,
                       const EventAuthor& author, const std::function<void(ByteView)>& output,
                       const Context& context);

// Appends the `disclose` event of a finished disclosure unless the ledger has it: one for each item
// of this case whose record went along, or one about none. Returns their numbers.
std::vector<std::uint64_t> record_disclosure(CaseFolder& case_folder, const SealedPackage& package,
                                             const EventDraft& draft, const EventAuthor& author,
                                             const Context& context);

// Error(refused) when a condition of the original forbids handing it on, it is another case's, and
// the ledger does not end up with an `onward_authorized` event that names this package.
void require_onward(const Ledger& ledger, const OriginPackage& origin);

}  // namespace evidence
