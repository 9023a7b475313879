// Digests of bytes, one or several algorithms in one pass, over OpenSSL's EVP.
//
// Thread rule: a Hasher belongs to one thread; the fetched algorithms behind it are shared.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "digest/algorithm.h"

namespace evidence {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(ByteView bytes);
inline Sha256 sha256(std::string_view text) { return sha256(as_bytes(text)); }
std::string sha256_hex(std::string_view text);

// Digest values by algorithm, in lower-case hex: {"md5":"..","sha256":".."} in our documents.
using DigestSet = std::map<Algorithm, std::string>;
Json to_json(const DigestSet& digests);
// Error(malformed) for an unknown algorithm, a wrong length or a missing sha256.
DigestSet digest_set_from_json(const Json& json, std::string_view where);

class Hasher {
public:
    explicit Hasher(Algorithm algorithm);
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;

    void update(ByteView bytes);
    // Each finish starts anew, ready for the next message.
    Bytes finish();
    Sha256 finish_sha256();            // precondition: made for Algorithm::sha256
    void finish(MutableByteView out);  // precondition: exactly digest_bytes() long

private:
    struct State;
    std::unique_ptr<State> state_;
};

class FusedHasher;

// Several algorithms over one message; those that gain from it in one loop.
class MultiHasher {
public:
    explicit MultiHasher(const std::vector<Algorithm>& algorithms);
    ~MultiHasher();
    MultiHasher(MultiHasher&&) noexcept;
    MultiHasher& operator=(MultiHasher&&) noexcept;

    void update(ByteView bytes);
    DigestSet finish();  // and starts anew

private:
    std::unique_ptr<FusedHasher> fused_;  // may be absent
    std::vector<std::pair<Algorithm, Hasher>> hashers_;
};

}  // namespace evidence
