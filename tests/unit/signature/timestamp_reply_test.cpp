#include "signature/timestamp_reply.h"

#include <algorithm>

#include "base/error.h"
#include "test_errors.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string content = "<manifest/>\n";

struct Asked {
    TestTsa tsa;
    TestContext context;
    TimestampQuery query = make("");
    Bytes reply = answer();

    TimestampQuery make(const std::string& policy) {
        return make_timestamp_query(as_bytes(content), Algorithm::sha256, policy, context.random);
    }
    Bytes answer() const { return tsa.reply(encode_timestamp_query(query)); }
};

// What the refusal says; empty when there is none.
std::string refusal(ByteView reply, const TimestampQuery& query) {
    try {
        take_timestamp_token(reply, query, "the authority");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::refused);
        return error.message();
    }
    return {};
}

bool says(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

// SEQUENCE { SEQUENCE { status, SEQUENCE { "no \x1b" }, BIT STRING } }
Bytes rejection(std::uint8_t status) {
    return {0x30, 0x11, 0x30, 0x0F, 0x02, 0x01, status, 0x30, 0x06, 0x0C,
            0x04, 'n',  'o',  ' ',  0x1B, 0x03, 0x02,   0x05, 0x20};
}

}  // namespace

TEST_CASE("a reply that answers the query gives its token") {
    const Asked asked;
    const Bytes token = take_timestamp_token(asked.reply, asked.query, "the authority");
    CHECK(token.size() < asked.reply.size());
    CHECK(std::equal(token.rbegin(), token.rend(), asked.reply.rbegin()));
    CHECK(take_timestamp_token(asked.reply, "the authority") == token);
}

TEST_CASE("a reply to another query is refused: nonce, data, digest, policy") {
    Asked asked;
    const TimestampQuery same_data = asked.make("");
    CHECK(says(refusal(asked.reply, same_data), "nonce"));
    TimestampQuery without_nonce = asked.query;
    without_nonce.nonce.clear();
    CHECK(says(refusal(asked.reply, without_nonce), "nonce"));
    TimestampQuery other_data = asked.query;
    other_data.imprint[0] = static_cast<std::uint8_t>(other_data.imprint[0] ^ 1u);
    CHECK(says(refusal(asked.reply, other_data), "other data"));
    TimestampQuery other_digest = asked.query;
    other_digest.algorithm = Algorithm::sha512;
    CHECK(says(refusal(asked.reply, other_digest), "other data"));
    TimestampQuery other_policy = asked.query;
    other_policy.policy = "1.2.3.4.5";
    CHECK(says(refusal(asked.reply, other_policy), "policy"));
}

TEST_CASE("the policy asked for is the one answered") {
    Asked asked;
    asked.query = asked.make("1.2.3.4.5");
    CHECK_FALSE(take_timestamp_token(asked.answer(), asked.query, "x").empty());
}

TEST_CASE("a refusal is told with the authority's own words and reasons, made safe") {
    Asked asked;
    asked.query = asked.make("1.2.3.4.9");
    const std::string message = refusal(asked.answer(), asked.query);
    CHECK(says(message, "rejected"));
    CHECK(says(message, "unacceptedPolicy"));
    CHECK(says(refusal(rejection(2), asked.query), "rejected (no \\x1b; badRequest)"));
    CHECK(says(refusal(rejection(3), asked.query), "waiting"));
    CHECK(says(refusal(rejection(5), asked.query), "revocation notification"));
    CHECK(kind_of_error([&] { take_timestamp_token(rejection(6), asked.query, "x"); }) ==
          ErrorKind::malformed);
    // Granted, but nothing is there.
    CHECK(kind_of_error([&] { take_timestamp_token(rejection(0), asked.query, "x"); }) ==
          ErrorKind::malformed);
}

TEST_CASE("what is no reply is malformed") {
    const Asked asked;
    for (std::size_t size = 0; size < asked.reply.size(); size += 7) {
        CHECK(kind_of_error([&] {
                  take_timestamp_token(ByteView(asked.reply).first(size), asked.query, "x");
              }) == ErrorKind::malformed);
    }
    const std::string page = "<html>not here</html>";
    CHECK(kind_of_error([&] { take_timestamp_token(as_bytes(page), asked.query, "x"); }) ==
          ErrorKind::malformed);
    const Bytes huge(timestamp_reply_max_bytes + 1);
    CHECK(kind_of_error([&] { take_timestamp_token(huge, asked.query, "x"); }) ==
          ErrorKind::malformed);
}
