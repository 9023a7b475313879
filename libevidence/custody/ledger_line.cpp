#include "custody/ledger_line.h"

#include <algorithm>

#include "base/base64.h"
#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::string_view event_start = R"({"event":)";

[[noreturn]] void fail(std::string_view expected) {
    throw Error(ErrorKind::malformed, "expected " + std::string(expected));
}

Sha256 digest_member(const Json& json, std::string_view key) {
    const std::optional<Bytes> bytes = from_hex(json.at(key).string());
    Sha256 digest{};
    if (!bytes || bytes->size() != digest.size()) {
        fail("64 hexadecimal digits as " + std::string(key));
    }
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

Bytes tags_member(const Json& json) {
    const std::optional<Bytes> tags = from_hex(json.at("tags").string());
    if (!tags || tags->size() > ledger_tags_max_bytes) fail("hexadecimal tags");
    return *tags;
}

// Returns how many members it has read.
std::size_t read_signature(LedgerLine& line, const Json& json) {
    if (!json.find("signature") && !json.find("signer")) return 0;
    const std::optional<Bytes> signature = from_base64(json.at("signature").string());
    if (!signature || signature->empty() || signature->size() > ledger_signature_max_bytes) {
        fail("a base64 signature");
    }
    line.signature = *signature;
    line.signer = json.at("signer").string();
    if (!is_hex(line.signer, 64)) fail("64 hexadecimal digits as signer");
    return 2;
}

LedgerLine read_shown(const Json& json, std::string_view text) {
    LedgerLine line;
    // "event" sorts first, so its bytes follow the opening of the line.
    const std::string_view from_event = text.substr(std::min(event_start.size(), text.size()));
    std::size_t length = 0;
    line.event = parse_event_prefix(json.at("event"), from_event, length);
    line.event_bytes = from_event.substr(0, length);
    line.event_bytes_digest = sha256(line.event_bytes);
    line.seq = line.event->seq;
    const std::size_t members = 3 + read_signature(line, json);
    if (json.members().size() != members) fail("only event, link, signature, signer, tags");
    return line;
}

LedgerLine read_withheld(const Json& json) {
    LedgerLine line;
    line.seq = json.at("seq").size();
    line.event_bytes_digest = digest_member(json, "digest");
    if (json.members().size() != 4) fail("only digest, link, seq, tags");
    return line;
}

}  // namespace

std::string format_ledger_line(const LedgerLine& line) {
    // Written straight in canonical order; every value but the event is hex, base64 or a number.
    std::string text;
    if (line.event) {
        text.append(event_start).append(line.event_bytes);
        text.append(R"(,"link":")").append(to_hex(line.link));
        if (!line.signer.empty()) {
            text.append(R"(","signature":")").append(to_base64(line.signature));
            text.append(R"(","signer":")").append(line.signer);
        }
    } else {
        text.append(R"({"digest":")").append(to_hex(line.event_bytes_digest));
        text.append(R"(","link":")").append(to_hex(line.link));
        text.append(R"(","seq":)").append(std::to_string(line.seq));
        return text.append(R"(,"tags":")").append(to_hex(line.tags)).append("\"}\n");
    }
    return text.append(R"(","tags":")").append(to_hex(line.tags)).append("\"}\n");
}

LedgerLine parse_ledger_line(std::string_view text, std::string_view where) {
    const Json json = parse_canonical(text, where);
    try {
        if (text.size() > json_max_line_bytes) fail("at most 1 MiB");
        LedgerLine line = json.find("event") ? read_shown(json, text) : read_withheld(json);
        line.link = digest_member(json, "link");
        line.tags = tags_member(json);
        return line;
    } catch (const Error& error) {
        throw Error(ErrorKind::malformed,
                    "not a ledger line: " + std::string(where) + " (" + error.message() + ")");
    }
}

}  // namespace evidence
