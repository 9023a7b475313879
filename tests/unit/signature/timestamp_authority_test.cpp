#include "signature/timestamp_authority.h"

#include "base/error.h"
#include "test_errors.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string content = "<manifest/>\n";

struct Service : TimestampAuthority {
    TestTsa tsa;
    TestContext context;
    TrustStore anchors;

    explicit Service(const std::string& authority = "tsa") {
        name = "http://tsa.example/";
        exchange = [this, authority](ByteView query) { return tsa.reply(query, authority); };
    }
    void trust(const std::string& anchor) {
        anchors.add_anchors(test_pki().path(anchor));
        authorities = &anchors;
    }
    Timestamp request() { return request_timestamp(*this, as_bytes(content), context.random); }
    // Kind and words of the error; empty when there is none.
    std::string refusal() {
        try {
            request();
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::refused);
            CHECK(error.message().find(name) != std::string::npos);
            return error.message();
        }
        return {};
    }
};

}  // namespace

TEST_CASE("a service gives tokens that hold, of anybody or of those who are trusted") {
    Service service;
    CHECK(service.request().facts.policy == "1.2.3.4.1");
    service.trust("root.pem");
    const Timestamp stamp = service.request();
    CHECK(check_timestamp(stamp.token, as_bytes(content), service.anchors).is_trusted());
    service.algorithm = Algorithm::sha512;
    service.policy = "1.2.3.4.5";
    CHECK(service.request().facts.policy == "1.2.3.4.5");
}

TEST_CASE("a token that would not hold is refused, and why") {
    Service untrusted("tsa-untrusted");
    CHECK(untrusted.refusal() == "");
    untrusted.trust("root.pem");
    CHECK(untrusted.refusal().find("no chain") != std::string::npos);
    Service revoked("tsa-revoked");
    revoked.trust("root.pem");
    revoked.anchors.add_revocation_lists(test_pki().path("crl.pem"));
    CHECK(revoked.refusal().find("was revoked") != std::string::npos);
    Service expired("tsa-expired");
    expired.trust("root.pem");
    CHECK(expired.refusal().find("expired") != std::string::npos);
}

TEST_CASE("an answer to an earlier query is refused, and a failing channel says so itself") {
    Service service;
    Bytes first;
    service.exchange = [&](ByteView query) {
        const Bytes reply = service.tsa.reply(query);
        if (first.empty()) first = reply;
        return first;
    };
    CHECK(service.refusal() == "");
    CHECK(service.refusal().find("nonce") != std::string::npos);
    service.exchange = [](ByteView) -> Bytes { throw Error(ErrorKind::io, "no route"); };
    CHECK(kind_of_error([&] { service.request(); }) == ErrorKind::io);
}
