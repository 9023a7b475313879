// Whether statements belong together: an answer to an offer, a close to a receipt. One rule for who
// acts on them and for who only verifies.
#pragma once

#include <vector>

#include "transfer/signed_statement.h"
#include "transfer/transfer_fault.h"

namespace evidence {

// `where` is the file that holds the answer or close.
std::vector<TransferFault> answer_faults(const Answer& answer, const Offer& offer,
                                         const SignedStatement& offer_statement,
                                         const fs::path& where);
std::vector<TransferFault> close_faults(const Close& close, const Answer& receipt,
                                        const SignedStatement& receipt_statement,
                                        const fs::path& where);

}  // namespace evidence
