#include "verification/statement_claims.h"

#include "base/json.h"

namespace evidence {

StatementClaims parse_statement(std::string_view document, std::string_view where) {
    const std::string format = parse_canonical_document(document, where).text_or("format", "");
    if (format == format_of(StatementKind::offer)) {
        const Offer offer = parse_offer(document, where);
        return {StatementKind::offer,
                offer.transfer,
                offer.sender,
                offer.created_at,
                offer.checkpoint,
                offer.manifest_sha256,
                ""};
    }
    if (format == format_of(StatementKind::close)) {
        const Close close = parse_close(document, where);
        return {
            StatementKind::close, close.transfer, close.sender, close.at, close.checkpoint, "", ""};
    }
    const Answer answer = parse_answer(document, where);
    return {answer.kind(),     answer.transfer,        answer.recipient,   answer.at,
            answer.checkpoint, answer.manifest_sha256, answer.offer_sha256};
}

}  // namespace evidence
