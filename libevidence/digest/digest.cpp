#include "digest/digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cassert>

#include "base/error.h"
#include "base/hex.h"
#include "digest/cached_steps.h"
#include "digest/digest_groups.h"
#include "digest/fused_digest.h"

namespace evidence {
namespace {

struct DigestDeleter {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using FetchedDigest = std::unique_ptr<EVP_MD, DigestDeleter>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

std::string take_openssl_reason() {
    const unsigned long code = ERR_get_error();
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    std::string text = reason ? reason : "no reason given";
    ERR_clear_error();
    return text;
}

[[noreturn]] void throw_digest_error(Algorithm algorithm, ErrorKind kind, std::string_view what) {
    throw Error(kind, std::string(what) + ": " + std::string(name_of(algorithm)) + " (" +
                          take_openssl_reason() + ")");
}

const char* openssl_name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::md5:
            return "MD5";
        case Algorithm::sha1:
            return "SHA1";
        case Algorithm::sha256:
            return "SHA2-256";
        case Algorithm::sha384:
            return "SHA2-384";
        case Algorithm::sha512:
            return "SHA2-512";
        case Algorithm::sha3_256:
            return "SHA3-256";
        case Algorithm::blake2b512:
            return "BLAKE2B-512";
    }
    return "";
}

// Fetching costs far more than hashing a small message, so it happens once per process. An
// algorithm OpenSSL withholds (MD5 under a FIPS policy) stays null until somebody asks for it.
const EVP_MD* fetched(Algorithm algorithm) {
    static const std::array<FetchedDigest, all_algorithms.size()> digests = [] {
        std::array<FetchedDigest, all_algorithms.size()> all;
        for (Algorithm each : all_algorithms) {
            all[static_cast<std::size_t>(each)].reset(
                EVP_MD_fetch(nullptr, openssl_name(each), nullptr));
        }
        ERR_clear_error();
        return all;
    }();
    const EVP_MD* digest = digests[static_cast<std::size_t>(algorithm)].get();
    if (!digest) throw_digest_error(algorithm, ErrorKind::unsupported, "algorithm not available");
    return digest;
}

}  // namespace

struct Hasher::State {
    explicit State(Algorithm wanted) : algorithm(wanted), context(EVP_MD_CTX_new()) {
        if (!context) throw std::bad_alloc();
        start();
    }

    void start() {
        if (EVP_DigestInit_ex2(context.get(), fetched(algorithm), nullptr) != 1) {
            throw_digest_error(algorithm, ErrorKind::crypto, "cannot start a digest");
        }
    }

    void finish(std::uint8_t* out) {
        if (EVP_DigestFinal_ex(context.get(), out, nullptr) != 1) {
            throw_digest_error(algorithm, ErrorKind::crypto, "cannot finish a digest");
        }
        start();
    }

    Algorithm algorithm;
    DigestContext context;
};

Hasher::Hasher(Algorithm algorithm) : state_(std::make_unique<State>(algorithm)) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(ByteView bytes) {
    in_cached_steps(bytes, [this](ByteView step) {
        if (EVP_DigestUpdate(state_->context.get(), step.data(), step.size()) == 1) return;
        throw_digest_error(state_->algorithm, ErrorKind::crypto, "cannot digest");
    });
}

Bytes Hasher::finish() {
    Bytes value(digest_bytes(state_->algorithm));
    state_->finish(value.data());
    return value;
}

Sha256 Hasher::finish_sha256() {
    assert(state_->algorithm == Algorithm::sha256);
    Sha256 value{};
    state_->finish(value.data());
    return value;
}

void Hasher::finish(MutableByteView out) {
    assert(out.size() == digest_bytes(state_->algorithm));
    state_->finish(out.data());
}

Sha256 sha256(ByteView bytes) {
    // Trees and chains hash millions of short messages; a context per thread saves each of them
    // an allocation.
    thread_local Hasher hasher(Algorithm::sha256);
    hasher.update(bytes);
    return hasher.finish_sha256();
}

std::string sha256_hex(std::string_view text) { return to_hex(sha256(text)); }

Json to_json(const DigestSet& digests) {
    Json json = Json::object({});
    for (const auto& [algorithm, value] : digests) json.set(name_of(algorithm), value);
    return json;
}

DigestSet digest_set_from_json(const Json& json, std::string_view where) {
    DigestSet digests;
    for (const auto& [name, value] : json.members()) {
        const auto algorithm = algorithm_named(name);
        if (!algorithm) {
            throw Error(ErrorKind::malformed, "unknown algorithm: " + std::string(where) +
                                                  " (expected md5, sha1, sha256 .., found " + name +
                                                  ")");
        }
        const std::size_t digits = 2 * digest_bytes(*algorithm);
        if (!is_hex(value.string(), digits)) {
            throw Error(ErrorKind::malformed,
                        "malformed " + name + " digest: " + std::string(where) + " (expected " +
                            std::to_string(digits) + " lower-case hex digits)");
        }
        digests.emplace(*algorithm, value.string());
    }
    if (!digests.contains(Algorithm::sha256)) {
        throw Error(ErrorKind::malformed,
                    "digest missing: " + std::string(where) + " (expected at least sha256)");
    }
    return digests;
}

MultiHasher::MultiHasher(const std::vector<Algorithm>& algorithms) {
    for (const std::vector<Algorithm>& group : digest_groups(algorithms)) {
        if (group.size() > 1) {
            fused_ = std::make_unique<FusedHasher>(group);
        } else {
            hashers_.emplace_back(group[0], Hasher(group[0]));
        }
    }
}

MultiHasher::~MultiHasher() = default;
MultiHasher::MultiHasher(MultiHasher&&) noexcept = default;
MultiHasher& MultiHasher::operator=(MultiHasher&&) noexcept = default;

void MultiHasher::update(ByteView bytes) {
    if (fused_) fused_->update(bytes);
    for (auto& [algorithm, hasher] : hashers_) hasher.update(bytes);
}

DigestSet MultiHasher::finish() {
    DigestSet digests;
    if (fused_) digests = fused_->finish();
    for (auto& [algorithm, hasher] : hashers_) digests[algorithm] = to_hex(hasher.finish());
    return digests;
}

}  // namespace evidence
