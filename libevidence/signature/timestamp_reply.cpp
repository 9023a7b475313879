#include "signature/timestamp_reply.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/printable.h"
#include "signature/cms_algorithms.h"
#include "signature/timestamp_info.h"

namespace evidence {
namespace {

constexpr std::size_t status_text_max_bytes = 500;

// PKIStatus (RFC 3161 section 2.4.2), by number.
constexpr std::array<std::string_view, 6> status_names = {
    "granted", "granted with modifications", "rejected",
    "waiting", "revocation warning",         "revocation notification"};

struct FailureReason {
    unsigned bit;
    std::string_view name;
};
constexpr FailureReason failure_reasons[] = {
    {0, "badAlg"},
    {2, "badRequest"},
    {5, "badDataFormat"},
    {14, "timeNotAvailable"},
    {15, "unacceptedPolicy"},
    {16, "unacceptedExtension"},
    {17, "addInfoNotAvailable"},
    {25, "systemFailure"},
};

struct Status {
    unsigned number = 0;
    std::string words;  // of the authority, as they are
    bool is_granted() const { return number <= 1; }
};

// PKIFreeText: the lines an authority has to say, made fit for an error message.
void parse_words(const DerElement& element, Status& status) {
    for (const DerElement& line : der_elements(element.content)) {
        if (status.words.size() > status_text_max_bytes) return;
        if (!status.words.empty()) status.words += "; ";
        status.words += printable(as_text(line.content).substr(0, status_text_max_bytes));
    }
}

void parse_reasons(const DerElement& bits, Status& status) {
    for (const FailureReason& reason : failure_reasons) {
        const std::size_t byte = 1 + reason.bit / 8;  // the first byte counts unused bits
        if (byte >= bits.content.size()) continue;
        if ((bits.content[byte] & (0x80u >> (reason.bit % 8))) == 0) continue;
        if (!status.words.empty()) status.words += "; ";
        status.words += reason.name;
    }
}

Status parse_status(const DerElement& element) {
    Status status;
    DerReader reader(element.content);
    const ByteView number = reader.expect(der::integer, "the status").content;
    if (number.size() != 1 || number[0] >= status_names.size()) {
        throw Error(ErrorKind::malformed, "status out of bounds");
    }
    status.number = number[0];
    if (const auto words = reader.optional(der::sequence)) parse_words(*words, status);
    if (const auto reasons = reader.optional(der::bit_string)) parse_reasons(*reasons, status);
    reader.expect_end("the status");
    return status;
}

// The token, a view of `reply`.
ByteView granted_token(ByteView reply, std::string_view from) {
    if (reply.size() > timestamp_reply_max_bytes) {
        throw Error(ErrorKind::malformed, "larger than 1 MiB");
    }
    require_der(reply);
    DerReader outer(reply);
    DerReader reader(outer.expect(der::sequence, "a time-stamp reply").content);
    const Status status = parse_status(reader.expect(der::sequence, "the status"));
    if (!status.is_granted()) {
        throw Error(ErrorKind::refused,
                    "no time-stamp from " + std::string(from) + ": " +
                        std::string(status_names[status.number]) +
                        (status.words.empty() ? "" : " (" + status.words + ")"));
    }
    const DerElement token = reader.expect(der::sequence, "the time-stamp token");
    reader.expect_end("a time-stamp reply");
    return token.whole;
}

void require_answer(const TimestampInfo& info, const TimestampQuery& query, std::string_view from) {
    const auto refuse = [from](const std::string& what) {
        throw Error(ErrorKind::refused, "the time-stamp from " + std::string(from) +
                                            " does not answer the query: " + what);
    };
    if (allowed_digest(info.imprint_algorithm) != query.algorithm ||
        as_text(info.imprint) != as_text(query.imprint)) {
        refuse("it is about other data");
    }
    const ByteView nonce = info.nonce.value_or(ByteView());
    if (as_text(nonce) != as_text(query.nonce)) refuse("its nonce is another one");
    if (!query.policy.empty() && dotted(info.policy) != query.policy) {
        refuse("its policy is " + dotted(info.policy) + " (expected " + query.policy + ")");
    }
}

// Runs `action`; what it finds malformed is said of `from`.
auto about_reply(std::string_view from, const auto& action) try {
    return action();
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    throw Error(ErrorKind::malformed,
                "not a time-stamp reply from " + std::string(from) + ": " + error.message());
}

}  // namespace

Bytes take_timestamp_token(ByteView reply, const TimestampQuery& query, std::string_view from) {
    return about_reply(from, [&] {
        const ByteView token = granted_token(reply, from);
        require_answer(timestamp_info_of(parse_timestamp_token(token)), query, from);
        return Bytes(token.begin(), token.end());
    });
}

Bytes take_timestamp_token(ByteView reply, std::string_view from) {
    return about_reply(from, [&] {
        const ByteView token = granted_token(reply, from);
        timestamp_info_of(parse_timestamp_token(token));
        return Bytes(token.begin(), token.end());
    });
}

}  // namespace evidence
