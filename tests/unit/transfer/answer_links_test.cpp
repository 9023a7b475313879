#include "transfer/answer_links.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

std::string codes(const std::vector<TransferFault>& faults) {
    std::string text;
    for (const TransferFault& fault : faults) text += fault.code + " ";
    return text;
}

}  // namespace

TEST_CASE("an answer belongs to one offer, its signature and its package") {
    const SignedStatement statement{"offer\n", {1, 2}};
    Offer offer;
    offer.transfer = "t";
    offer.manifest_sha256 = "m";
    offer.package = {"f", 3};
    Answer answer;
    answer.transfer = "t";
    answer.manifest_sha256 = "m";
    answer.package = {"f", 3};
    answer.offer_sha256 = statement.document_sha256();
    answer.offer_signature_sha256 = statement.signature_sha256();
    const auto faults = [&] { return codes(answer_faults(answer, offer, statement, "x")); };
    CHECK(faults().empty());
    SUBCASE("transfer") {
        answer.transfer = "u";
        CHECK(faults() == "transfer.other-transfer ");
    }
    SUBCASE("offer") {
        answer.offer_sha256 = "0";
        CHECK(faults() == "transfer.answers-other-offer ");
    }
    SUBCASE("signature") {
        answer.offer_signature_sha256 = "0";
        CHECK(faults() == "transfer.answers-other-offer ");
    }
    SUBCASE("manifest") {
        answer.manifest_sha256 = "n";
        CHECK(faults() == "transfer.package-differs ");
    }
    SUBCASE("size") {
        answer.package.size_bytes = 4;
        CHECK(faults() == "transfer.package-differs ");
    }
}

TEST_CASE("a close belongs to one receipt and its signature") {
    const SignedStatement statement{"receipt\n", {1, 2}};
    Answer receipt;
    receipt.transfer = "t";
    Close close;
    close.transfer = "t";
    close.receipt_sha256 = statement.document_sha256();
    close.receipt_signature_sha256 = statement.signature_sha256();
    const auto faults = [&] { return codes(close_faults(close, receipt, statement, "x")); };
    CHECK(faults().empty());
    close.receipt_signature_sha256 = "0";
    CHECK(faults() == "transfer.closes-other-receipt ");
    close.transfer = "u";
    CHECK(faults() == "transfer.other-transfer transfer.closes-other-receipt ");
}
