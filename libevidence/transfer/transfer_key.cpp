#include "transfer/transfer_key.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::string_view first_line = "evidence-key/1\n";
constexpr std::size_t uuid_characters = 36;

[[noreturn]] void fail(std::string_view where) {
    throw Error(ErrorKind::malformed, "not a transfer key: " + std::string(where) +
                                          " (expected evidence-key/1, a transfer id, 64 hex "
                                          "digits)");
}

}  // namespace

EnvelopeKeyId uuid_bytes(std::string_view uuid) {
    std::string digits(uuid);
    std::erase(digits, '-');
    const std::optional<Bytes> bytes = is_uuid(uuid) ? from_hex(digits) : std::nullopt;
    if (!bytes) {
        throw Error(ErrorKind::malformed,
                    "not a transfer id: " + std::string(uuid) + " (expected a UUID)");
    }
    EnvelopeKeyId id{};
    std::copy(bytes->begin(), bytes->end(), id.begin());
    return id;
}

TransferKey::TransferKey(std::string transfer, const EnvelopeSecret& secret)
    : transfer_(std::move(transfer)), secret_(secret), id_(uuid_bytes(transfer_)) {}

TransferKey TransferKey::create(std::string transfer, RandomSource& random) {
    EnvelopeSecret secret;
    random.fill(secret);
    return {std::move(transfer), secret};
}

TransferKey TransferKey::parse(std::string_view text, std::string_view transfer,
                               std::string_view where) {
    const std::size_t secret_at = first_line.size() + uuid_characters + 1;
    if (!text.starts_with(first_line) || text.size() < secret_at) fail(where);
    const std::string_view named = text.substr(first_line.size(), uuid_characters);
    if (!is_uuid(named)) fail(where);
    if (named != transfer) {
        throw Error(ErrorKind::refused, "key of another transfer: " + std::string(where) +
                                            " (expected " + std::string(transfer) + ", found " +
                                            std::string(named) + ")");
    }
    const std::optional<Bytes> bytes = from_hex(text.substr(secret_at, 64));
    EnvelopeSecret secret{};
    if (!bytes || bytes->size() != secret.size()) fail(where);
    std::copy(bytes->begin(), bytes->end(), secret.begin());
    TransferKey key{std::string(transfer), secret};
    if (key.text() != text) fail(where);
    return key;
}

std::string TransferKey::text() const {
    return std::string(first_line) + transfer_ + "\n" + to_hex(secret_) + "\n";
}

}  // namespace evidence
