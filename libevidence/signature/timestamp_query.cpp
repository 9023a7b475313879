#include "signature/timestamp_query.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#include "base/error.h"
#include "base/printable.h"
#include "digest/digest.h"
#include "signature/cms_algorithms.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr std::size_t nonce_bytes = 16;

using QueryHandle = std::unique_ptr<TS_REQ, OpenSslDeleter<TS_REQ_free>>;
using ImprintHandle = std::unique_ptr<TS_MSG_IMPRINT, OpenSslDeleter<TS_MSG_IMPRINT_free>>;
using AlgorithmHandle = std::unique_ptr<X509_ALGOR, OpenSslDeleter<X509_ALGOR_free>>;
using ObjectHandle = std::unique_ptr<ASN1_OBJECT, OpenSslDeleter<ASN1_OBJECT_free>>;
using IntegerHandle = std::unique_ptr<ASN1_INTEGER, OpenSslDeleter<ASN1_INTEGER_free>>;

void require(bool done) {
    if (!done) throw_openssl("cannot make a time-stamp query");
}

int nid_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::sha256:
            return NID_sha256;
        case Algorithm::sha384:
            return NID_sha384;
        case Algorithm::sha512:
            return NID_sha512;
        default:
            throw Error(ErrorKind::usage,
                        "no algorithm for time-stamps: " + std::string(name_of(algorithm)) +
                            " (expected sha256, sha384 or sha512)");
    }
}

void set_imprint(TS_REQ* request, const TimestampQuery& query) {
    const ImprintHandle imprint(TS_MSG_IMPRINT_new());
    const AlgorithmHandle algorithm(X509_ALGOR_new());
    require(imprint && algorithm);
    require(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(nid_of(query.algorithm)), V_ASN1_NULL,
                            nullptr) == 1);
    require(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1);
    Bytes digest = query.imprint;
    require(TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) ==
            1);
    require(TS_REQ_set_msg_imprint(request, imprint.get()) == 1);
}

void set_policy(TS_REQ* request, const std::string& policy) {
    if (policy.empty()) return;
    const ObjectHandle object(OBJ_txt2obj(policy.c_str(), 1));
    if (!object) {
        ERR_clear_error();
        throw Error(ErrorKind::usage, "not a policy: " + printable(policy) +
                                          " (expected an object identifier, 1.2.3)");
    }
    require(TS_REQ_set_policy_id(request, object.get()) == 1);
}

void set_nonce(TS_REQ* request, const Bytes& nonce) {
    if (nonce.empty()) return;
    const IntegerHandle integer(ASN1_INTEGER_new());
    require(integer &&
            ASN1_STRING_set(integer.get(), nonce.data(), static_cast<int>(nonce.size())) == 1);
    require(TS_REQ_set_nonce(request, integer.get()) == 1);
}

// Positive and in the least number of bytes, as DER wants it.
Bytes random_nonce(RandomSource& random) {
    Bytes nonce(nonce_bytes);
    random.fill(nonce);
    nonce[0] = static_cast<std::uint8_t>((nonce[0] & 0x3Fu) | 0x40u);
    return nonce;
}

void parse_optional_parts(DerReader& reader, TimestampQuery& query) {
    if (const auto policy = reader.optional(der::object_id)) {
        query.policy = dotted(as_text(policy->content));
    }
    if (const auto nonce = reader.optional(der::integer)) {
        query.nonce.assign(nonce->content.begin(), nonce->content.end());
    }
    reader.expect(der::boolean, "the wish for the authority's certificate");
    reader.expect_end("a time-stamp query");
}

}  // namespace

TimestampQuery make_timestamp_query(ByteView content, Algorithm algorithm,
                                    const std::string& policy, RandomSource& random) {
    nid_of(algorithm);  // refuses what may not stand there
    Hasher hasher(algorithm);
    hasher.update(content);
    return {algorithm, hasher.finish(), policy, random_nonce(random)};
}

Bytes encode_timestamp_query(const TimestampQuery& query) {
    const QueryHandle request(TS_REQ_new());
    require(request && TS_REQ_set_version(request.get(), 1) == 1);
    set_imprint(request.get(), query);
    set_policy(request.get(), query.policy);
    set_nonce(request.get(), query.nonce);
    require(TS_REQ_set_cert_req(request.get(), 1) == 1);
    return der_of<i2d_TS_REQ>(request.get(), "time-stamp query");
}

TimestampQuery parse_timestamp_query(ByteView der) {
    if (der.size() > timestamp_query_max_bytes) {
        throw Error(ErrorKind::malformed, "larger than any time-stamp query");
    }
    require_der(der);
    DerReader outer(der);
    DerReader reader(outer.expect(der::sequence, "a time-stamp query").content);
    const DerElement version = reader.expect(der::integer, "the version");
    if (version.content.size() != 1 || version.content[0] != 1) {
        throw Error(ErrorKind::malformed, "another version than 1");
    }
    DerReader imprint(reader.expect(der::sequence, "the message imprint").content);
    const auto algorithm =
        allowed_digest(parse_algorithm(imprint.expect(der::sequence, "a digest algorithm")));
    if (!algorithm) throw Error(ErrorKind::malformed, "a digest algorithm that is not allowed");
    const ByteView digest = imprint.expect(der::octet_string, "a digest").content;
    imprint.expect_end("the message imprint");
    if (digest.size() != digest_bytes(*algorithm)) {
        throw Error(ErrorKind::malformed, "a digest of the wrong length");
    }
    TimestampQuery query{*algorithm, Bytes(digest.begin(), digest.end()), {}, {}};
    parse_optional_parts(reader, query);
    return query;
}

}  // namespace evidence
