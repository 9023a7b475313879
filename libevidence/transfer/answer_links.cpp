#include "transfer/answer_links.h"

namespace evidence {

std::vector<TransferFault> answer_faults(const Answer& answer, const Offer& offer,
                                         const SignedStatement& offer_statement,
                                         const fs::path& where) {
    std::vector<TransferFault> faults;
    if (answer.transfer != offer.transfer) {
        faults.push_back({"transfer.other-transfer", "answer to another transfer", where,
                          "expected transfer " + offer.transfer});
    }
    if (answer.offer_sha256 != offer_statement.document_sha256() ||
        answer.offer_signature_sha256 != offer_statement.signature_sha256()) {
        faults.push_back({"transfer.answers-other-offer", "answer to another offer", where,
                          "expected the digests of this offer and its signature"});
    }
    if (answer.manifest_sha256 != offer.manifest_sha256 || answer.package != offer.package) {
        faults.push_back({"transfer.package-differs", "answer about another package", where,
                          "expected manifest " + offer.manifest_sha256});
    }
    return faults;
}

std::vector<TransferFault> close_faults(const Close& close, const Answer& receipt,
                                        const SignedStatement& receipt_statement,
                                        const fs::path& where) {
    std::vector<TransferFault> faults;
    if (close.transfer != receipt.transfer) {
        faults.push_back({"transfer.other-transfer", "close of another transfer", where,
                          "expected transfer " + receipt.transfer});
    }
    if (close.receipt_sha256 != receipt_statement.document_sha256() ||
        close.receipt_signature_sha256 != receipt_statement.signature_sha256()) {
        faults.push_back({"transfer.closes-other-receipt", "close of another receipt", where,
                          "expected the digests of this receipt and its signature"});
    }
    return faults;
}

}  // namespace evidence
