// The four documents of a transfer: offer, receipt, refusal, close (evidence-transfer(1), after
// the handover records of ISO/IEC 27037). Canonical JSON and one newline, with exactly the members
// listed; each is signed by a detached CAdES signature beside it (signed_statement.h).
//
// Statements travel in clear. So they hold digests, codes, sizes, times and certificate
// fingerprints only: names, authority and conditions are inside the package.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/finding.h"
#include "base/utc_time.h"

namespace evidence {

enum class StatementKind { offer, receipt, refusal, close };

inline constexpr std::array all_statement_kinds = {StatementKind::offer, StatementKind::receipt,
                                                   StatementKind::refusal, StatementKind::close};

// "offer": also the stem of its file names and its `kind` in the ledger.
std::string_view name_of(StatementKind kind);
std::string_view format_of(StatementKind kind);  // "evidence-offer/1"

inline constexpr std::size_t statement_max_bytes = 1024 * 1024;
inline constexpr std::size_t transfer_max_recipients = 64;
inline constexpr std::size_t statement_max_codes = 10'000;

// A code as findings and refusals have it: [a-z0-9.-], 1 to 64 characters.
bool is_statement_code(std::string_view text);
// What a carrier is called (a label, a serial number): printable ASCII, 1 to 200 characters.
bool is_media_text(std::string_view text);

struct PackageFacts {
    std::string file_sha256;
    std::uint64_t size_bytes = 0;

    bool operator==(const PackageFacts&) const = default;
};

// What the sender offers to whom.
struct Offer {
    std::optional<UtcTime> answer_by;
    std::optional<CheckpointText> checkpoint;  // of the sender's ledger; none without a case
    UtcTime created_at;
    std::string key_sha256;  // of key.p7m; empty when the parts travel in clear
    std::string manifest_sha256;
    PackageFacts package;
    std::uint64_t part_size_bytes = 0, parts = 0;
    std::string parts_sha256;             // of parts.txt
    std::vector<std::string> recipients;  // certificate fingerprints, none twice
    std::string sender;                   // fingerprint of the certificate that signs this
    std::string transfer;                 // UUID

    bool is_encrypted() const { return !key_sha256.empty(); }
    bool operator==(const Offer&) const = default;
};

// What the recipient answers: a receipt, or a refusal when it has a reason.
struct Answer {
    UtcTime at;
    std::optional<CheckpointText> checkpoint;  // of the recipient's ledger
    std::string conditions_sha256;             // of terms.json; empty when it was not read
    std::vector<std::string> findings;         // codes, none twice
    std::string manifest_sha256;
    std::string media;  // what it came on; empty when not said
    std::string offer_sha256, offer_signature_sha256;
    PackageFacts package;
    std::string reason;     // a code; empty in a receipt
    std::string recipient;  // fingerprint of the certificate that signs this
    std::string transfer;
    std::optional<Verdict> verdict;  // none when the package was refused unopened

    StatementKind kind() const {
        return reason.empty() ? StatementKind::receipt : StatementKind::refusal;
    }
    bool operator==(const Answer&) const = default;
};

// The sender's acknowledgement of a receipt.
struct Close {
    UtcTime at;
    std::optional<CheckpointText> checkpoint;
    std::string receipt_sha256, receipt_signature_sha256;
    std::string sender;  // fingerprint of the certificate that signs this
    std::string transfer;

    bool operator==(const Close&) const = default;
};

std::string format_offer(const Offer& offer);
std::string format_answer(const Answer& answer);
std::string format_close(const Close& close);

// Error(malformed) unless `text` is exactly what the format function writes for some value: the
// `format` member is looked at first, then that no member is missing or additional, then values.
Offer parse_offer(std::string_view text, std::string_view where);
Answer parse_answer(std::string_view text, std::string_view where);  // of either format
Close parse_close(std::string_view text, std::string_view where);

}  // namespace evidence
