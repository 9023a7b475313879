#include "transfer/statement.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "digest/digest.h"

using namespace evidence;

namespace {

const std::string transfer_id = "0f0e0d0c-0b0a-4908-8706-050403020100";

std::string digest_of(char digit) { return std::string(64, digit); }

CheckpointText some_checkpoint() {
    CheckpointText checkpoint;
    checkpoint.origin = "evidence-ledger/1/" + std::string(32, '7');
    checkpoint.size = 5;
    checkpoint.hash.fill(0xAB);
    return checkpoint;
}

Offer some_offer() {
    Offer offer;
    offer.created_at = UtcTime{1'795'310'138'000};
    offer.key_sha256 = digest_of('1');
    offer.manifest_sha256 = digest_of('2');
    offer.package = {digest_of('3'), 65537};
    offer.part_size_bytes = 65536;
    offer.parts = 2;
    offer.parts_sha256 = digest_of('4');
    offer.recipients = {digest_of('6'), digest_of('5')};
    offer.sender = digest_of('7');
    offer.transfer = transfer_id;
    return offer;
}

Answer some_receipt() {
    Answer answer;
    answer.at = UtcTime{1'795'310'200'000};
    answer.checkpoint = some_checkpoint();
    answer.conditions_sha256 = digest_of('8');
    answer.findings = {"certificate.no-chain"};
    answer.manifest_sha256 = digest_of('2');
    answer.media = "USB stick 4711";
    answer.offer_sha256 = digest_of('9');
    answer.offer_signature_sha256 = digest_of('a');
    answer.package = {digest_of('3'), 65537};
    answer.recipient = digest_of('5');
    answer.transfer = transfer_id;
    answer.verdict = Verdict::indeterminate;
    return answer;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("an offer has the bytes of the format page") {
    CHECK(format_offer(some_offer()) ==
          R"({"answer_by":null,"checkpoint":null,"created_at":"2026-11-22T01:15:38.000Z",)"
          R"("format":"evidence-offer/1","key_sha256":")" +
              digest_of('1') + R"(","manifest_sha256":")" + digest_of('2') +
              R"(","package":{"file_sha256":")" + digest_of('3') +
              R"(","size_bytes":65537},"part_size_bytes":65536,"parts":2,"parts_sha256":")" +
              digest_of('4') + R"(","recipients":[")" + digest_of('6') + R"(",")" + digest_of('5') +
              R"("],"sender":{"certificate_sha256":")" + digest_of('7') + R"("},"transfer":")" +
              transfer_id + "\"}\n");
}

TEST_CASE("every statement reads back as it was written") {
    Offer offer = some_offer();
    CHECK(parse_offer(format_offer(offer), "x") == offer);
    offer.answer_by = UtcTime{1'800'000'000'000};
    offer.checkpoint = some_checkpoint();
    offer.key_sha256.clear();
    CHECK(parse_offer(format_offer(offer), "x") == offer);

    Answer answer = some_receipt();
    CHECK(parse_answer(format_answer(answer), "x") == answer);
    answer.reason = "verification-failed";
    answer.verdict = Verdict::total_failed;
    answer.media.clear();
    CHECK(parse_answer(format_answer(answer), "x") == answer);
    answer.verdict.reset();
    answer.conditions_sha256.clear();
    CHECK(parse_answer(format_answer(answer), "x") == answer);

    const Close close{UtcTime{1'795'310'300'000},
                      some_checkpoint(),
                      digest_of('b'),
                      digest_of('c'),
                      digest_of('7'),
                      transfer_id};
    CHECK(parse_close(format_close(close), "x") == close);
}

TEST_CASE("the format is looked at before anything else") {
    const std::string receipt = format_answer(some_receipt());
    CHECK_THROWS_WITH_AS(parse_offer(receipt, "x"),
                         "wrong format \"format\": x (expected evidence-offer/1)", Error);
    CHECK_THROWS_WITH_AS(parse_answer(format_offer(some_offer()), "x"),
                         "wrong format \"format\": x (expected evidence-receipt/1)", Error);
    CHECK_THROWS_WITH_AS(parse_close("{\"format\":\"evidence-close/2\"}\n", "x"),
                         "wrong format \"format\": x (expected evidence-close/1)", Error);
}

TEST_CASE("an offer is refused for each member that is missing, added or of another shape") {
    const std::string good = format_offer(some_offer());
    REQUIRE_NOTHROW(parse_offer(good, "x"));
    const std::pair<const char*, const char*> changes[] = {
        {"\"answer_by\":null,", ""},
        {"\"answer_by\":null", "\"answer_by\":\"tomorrow\""},
        {"\"checkpoint\":null", "\"checkpoint\":{}"},
        {"38.000Z", "38Z"},
        {"\"parts\":2", "\"parts\":3"},
        {"\"parts\":2", "\"parts\":0"},
        {"\"part_size_bytes\":65536", "\"part_size_bytes\":65535"},
        {"\"size_bytes\":65537", "\"size_bytes\":-1"},
        {"\"size_bytes\":65537", "\"size_bytes\":0"},
        {"0f0e0d0c-", "0F0E0D0C-"},
        {"\"sender\":{", "\"sender\":{\"a\":1,"},
        {"\"transfer\":", "\"title\":\"x\",\"transfer\":"},
        {"5555\"]", "555\"]"},
        {"{\"answer_by\"", " {\"answer_by\""},
        {"}\n", "}"},
    };
    for (const auto& [from, to] : changes) {
        CAPTURE(from);
        CAPTURE(to);
        CHECK_THROWS_AS(parse_offer(replaced(good, from, to), "x"), Error);
    }
}

TEST_CASE("an offer names each recipient once, and at least one") {
    Offer offer = some_offer();
    offer.recipients = {digest_of('5'), digest_of('5')};
    CHECK_THROWS_AS(parse_offer(format_offer(offer), "x"), Error);
    offer.recipients.clear();
    CHECK_THROWS_AS(parse_offer(format_offer(offer), "x"), Error);
    for (std::size_t i = 0; i <= transfer_max_recipients; ++i) {
        offer.recipients.push_back(sha256_hex(std::to_string(i)));
    }
    CHECK_THROWS_AS(parse_offer(format_offer(offer), "x"), Error);
    offer.recipients.pop_back();
    CHECK_NOTHROW(parse_offer(format_offer(offer), "x"));
}

TEST_CASE("a receipt is never given for a package that failed or was not opened") {
    Answer answer = some_receipt();
    answer.verdict = Verdict::total_failed;
    CHECK_THROWS_AS(parse_answer(format_answer(answer), "x"), Error);
    answer.verdict.reset();
    CHECK_THROWS_AS(parse_answer(format_answer(answer), "x"), Error);
    answer = some_receipt();
    answer.conditions_sha256.clear();
    CHECK_THROWS_AS(parse_answer(format_answer(answer), "x"), Error);
}

TEST_CASE("a receipt has no reason, a refusal has one") {
    const std::string receipt = format_answer(some_receipt());
    CHECK_THROWS_AS(
        parse_answer(replaced(receipt, "evidence-receipt/1", "evidence-refusal/1"), "x"), Error);
    CHECK_THROWS_AS(
        parse_answer(replaced(receipt, "\"recipient\"", "\"reason\":\"x\",\"recipient\""), "x"),
        Error);
}

TEST_CASE("a checkpoint in a statement is the origin, size and link of a ledger") {
    Offer offer = some_offer();
    offer.checkpoint = some_checkpoint();
    const std::string text = format_offer(offer);
    CHECK(text.find(R"("checkpoint":{"ledger":")" + std::string(32, '7') + R"(","link":"abab)") !=
          std::string::npos);
    CHECK_THROWS_AS(parse_offer(replaced(text, "\"ledger\":\"7", "\"ledger\":\"g"), "x"), Error);
    CHECK_THROWS_AS(parse_offer(replaced(text, "\"size\":5", "\"size\":-5"), "x"), Error);
}

TEST_CASE("codes and media texts have their alphabets") {
    CHECK(is_statement_code("payload.digest-mismatch"));
    CHECK_FALSE(is_statement_code(""));
    CHECK_FALSE(is_statement_code("Not allowed"));
    CHECK_FALSE(is_statement_code(std::string(65, 'a')));
    CHECK(is_media_text("USB stick #4711"));
    CHECK_FALSE(is_media_text(""));
    CHECK_FALSE(is_media_text("line\nbreak"));
    CHECK_FALSE(is_media_text(std::string(201, 'a')));
}
