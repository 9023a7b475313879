#include "transfer/transfer_key.h"

#include <doctest/doctest.h>

#include "base/hex.h"
#include "test_context.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string transfer = "0f0e0d0c-0b0a-4908-8706-050403020100";

ErrorKind refusal_of(std::string_view text) {
    return kind_of_error([&] { TransferKey::parse(text, transfer, "key.p7m"); }).value();
}

}  // namespace

TEST_CASE("the key id is the sixteen bytes of the transfer's UUID") {
    CHECK(to_hex(uuid_bytes(transfer)) == "0f0e0d0c0b0a49088706050403020100");
    CHECK(kind_of_error([] { uuid_bytes("0f0e0d0c0b0a49088706050403020100"); }) ==
          ErrorKind::malformed);
}

TEST_CASE("a key is three lines of text and reads back") {
    CountingRandom random;
    const TransferKey key = TransferKey::create(transfer, random);
    CHECK(key.text() == "evidence-key/1\n" + transfer + "\n" + to_hex(key.secret()) + "\n");
    CHECK(TransferKey::parse(key.text(), transfer, "x").secret() == key.secret());
    CHECK(TransferKey::create(transfer, random).secret() != key.secret());
}

TEST_CASE("a key of another transfer or another shape is refused") {
    const std::string digits(64, 'a');
    const std::string head = "evidence-key/1\n" + transfer + "\n";
    CHECK_NOTHROW(TransferKey::parse(head + digits + "\n", transfer, "x"));
    CHECK(refusal_of("evidence-key/1\n1f0e0d0c-0b0a-4908-8706-050403020100\n" + digits + "\n") ==
          ErrorKind::refused);
    for (const std::string& text :
         {std::string(), head, head + digits, head + digits + "\n\n", head + digits + "a\n",
          head + std::string(64, 'A') + "\n", head + std::string(62, 'a') + "\n",
          "evidence-key/2\n" + transfer + "\n" + digits + "\n",
          "evidence-key/1\n" + transfer + " " + digits + "\n"}) {
        CAPTURE(text);
        CHECK(refusal_of(text) == ErrorKind::malformed);
    }
}
