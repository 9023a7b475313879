// One line of custody/ledger.jsonl: an event shown in full, or withheld as digest and tags
// (evidence-ledger(5), "Ledger lines").
//
// Thread rule: plain values.
#pragma once

#include <optional>
#include <string>

#include "custody/event.h"
#include "digest/digest.h"

namespace evidence {

inline constexpr std::size_t ledger_tags_max_bytes = event_max_items * 16;
inline constexpr std::size_t ledger_signature_max_bytes = 4096;
// PEM of a signer and its issuers, in the store and in custody/signers/.
inline constexpr std::size_t ledger_signer_max_bytes = 256 * 1024;

struct LedgerLine {
    std::uint64_t seq = 0;
    Sha256 event_bytes_digest{};  // of the event's canonical bytes
    Bytes tags;
    Sha256 link{};
    std::optional<Event> event;  // empty when withheld
    std::string event_bytes;     // the exact bytes of a shown event
    Bytes signature;             // empty when withheld or unsigned
    std::string signer;          // certificate fingerprint; empty likewise
};

std::string format_ledger_line(const LedgerLine& line);  // with its newline
// `line` without its newline. Error(malformed) unless it is canonical and has exactly the members
// of one of the three forms. Whether links, tags and signatures are right is for ChainVerifier.
LedgerLine parse_ledger_line(std::string_view line, std::string_view where);

}  // namespace evidence
