#include "signature/algorithm_policy.h"

#include <openssl/evp.h>

#include <limits>

namespace evidence {
namespace {

struct KeyLimit {
    int type;
    int below_bits;          // keys smaller than this ..
    std::string_view until;  // .. are good until then
};
// From RSA 3000, EC 256 and with the Edwards curves no end has been set. RSA 2048 counts as legacy:
// no certificate with such a key outlives 2028. What is weaker than the first number of each kind
// here (112 bits of strength) is refused by path validation whenever it was used.
constexpr KeyLimit limits[] = {
    {EVP_PKEY_RSA, 3000, "2029-01-01T00:00:00.000Z"},                             // V2.1.1
    {EVP_PKEY_EC, 256, "2016-01-01T00:00:00.000Z"},                               // V1.1.1
    {EVP_PKEY_DSA, std::numeric_limits<int>::max(), "2026-01-01T00:00:00.000Z"},  // V1.4.2
};

}  // namespace

std::optional<UtcTime> end_of_use(const EVP_PKEY* key) {
    if (!key) return std::nullopt;
    const int type = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
    for (const KeyLimit& limit : limits) {
        if (limit.type == type && bits < limit.below_bits) return parse_utc(limit.until);
    }
    return std::nullopt;
}

}  // namespace evidence
