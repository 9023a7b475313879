// What can be said about a transfer folder without any key: the shapes and signatures of its
// statements, how they answer each other, and that the parts are those of the offer.
#pragma once

#include "base/context.h"
#include "base/file.h"
#include "base/finding.h"
#include "signature/trust.h"

namespace evidence {

// Error(not_found) or Error(malformed) as require_transfer_folder; Error(io) when the medium cannot
// be read; everything else is a finding. Time of validation: context.clock.
//
// structure: transfer.statement-malformed, transfer.file-missing, transfer.part-missing,
//            transfer.unexpected-part, transfer.two-answers, transfer.receipt-missing (a close
//            without a receipt), transfer.part-list-malformed (failed); transfer.statements-only
//            (indeterminate: no part is here); transfer.unexpected-file, transfer.folder-name
//            (warning)
// content:   transfer.part-list-mismatch, transfer.key-mismatch, transfer.part-mismatch,
//            transfer.part-swapped, transfer.part-foreign (of another transfer),
//            transfer.package-mismatch (parts in clear), transfer.other-transfer,
//            transfer.answers-other-offer, transfer.closes-other-receipt,
//            transfer.package-differs (answer and offer) (failed); transfer.encrypted (info: the
//            package was not looked at)
// signature: those of check_detached; transfer.wrong-signer (failed)
// identity:  those of check_signer_at_proven_time with a time-stamp that holds, else those of
//            check_signer_at_claimed_time; transfer.recipient-unknown, transfer.closer-unknown
//            (indeterminate)
// time:      transfer.answer-overdue, transfer.time-inconsistent (warning)
// custody:   transfer.unanswered, transfer.not-closed, transfer.refused (info)
//
// `authorities` is about the time-stamps beside the statements: those of check_signature_time.
Findings check_transfer(const fs::path& folder, const TrustStore& trust,
                        const TrustStore& authorities, const Context& context);

}  // namespace evidence
