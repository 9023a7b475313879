#include "digest/foreign_digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace evidence {
namespace {

struct DigestDeleter {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using FetchedDigest = std::unique_ptr<EVP_MD, DigestDeleter>;

struct Name {
    std::string_view normalised;
    const char* openssl;
};

constexpr std::array<Name, 16> names = {{{"md5", "MD5"},
                                         {"sha1", "SHA1"},
                                         {"sha224", "SHA2-224"},
                                         {"sha256", "SHA2-256"},
                                         {"sha384", "SHA2-384"},
                                         {"sha512", "SHA2-512"},
                                         {"sha512224", "SHA2-512/224"},
                                         {"sha512256", "SHA2-512/256"},
                                         {"sha3224", "SHA3-224"},
                                         {"sha3256", "SHA3-256"},
                                         {"sha3384", "SHA3-384"},
                                         {"sha3512", "SHA3-512"},
                                         {"blake2b512", "BLAKE2B-512"},
                                         {"blake2s256", "BLAKE2S-256"},
                                         {"sm3", "SM3"},
                                         {"ripemd160", "RIPEMD-160"}}};

FetchedDigest fetch(std::string_view normalised) {
    const auto name = std::find_if(names.begin(), names.end(),
                                   [&](const Name& each) { return each.normalised == normalised; });
    if (name == names.end()) return nullptr;
    FetchedDigest digest(EVP_MD_fetch(nullptr, name->openssl, nullptr));
    ERR_clear_error();
    return digest;
}

}  // namespace

std::string normalised_algorithm_name(std::string_view name) {
    std::string normalised;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) normalised += c;
    }
    return normalised;
}

std::optional<ForeignAlgorithm> foreign_algorithm_named(std::string_view name) {
    const FetchedDigest digest = fetch(name);
    if (!digest) return std::nullopt;
    ForeignAlgorithm found{std::string(name), std::nullopt,
                           static_cast<std::size_t>(EVP_MD_get_size(digest.get()))};
    for (Algorithm algorithm : all_algorithms) {
        if (normalised_algorithm_name(name_of(algorithm)) == name) found.own = algorithm;
    }
    return found;
}

struct ForeignHasher::State {
    FetchedDigest digest;
    std::unique_ptr<EVP_MD_CTX, ContextDeleter> context;

    void start() {
        if (EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) != 1) {
            throw Error(ErrorKind::crypto, "cannot start a digest");
        }
    }
};

ForeignHasher::ForeignHasher(const ForeignAlgorithm& algorithm)
    : state_(std::make_unique<State>()) {
    state_->digest = fetch(algorithm.name);
    state_->context.reset(EVP_MD_CTX_new());
    if (!state_->digest || !state_->context) {
        throw Error(ErrorKind::unsupported, "algorithm not available: " + algorithm.name);
    }
    state_->start();
}

ForeignHasher::~ForeignHasher() = default;
ForeignHasher::ForeignHasher(ForeignHasher&&) noexcept = default;
ForeignHasher& ForeignHasher::operator=(ForeignHasher&&) noexcept = default;

void ForeignHasher::update(ByteView bytes) {
    if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
        throw Error(ErrorKind::crypto, "cannot digest");
    }
}

Bytes ForeignHasher::finish() {
    Bytes value(static_cast<std::size_t>(EVP_MD_get_size(state_->digest.get())));
    if (EVP_DigestFinal_ex(state_->context.get(), value.data(), nullptr) != 1) {
        throw Error(ErrorKind::crypto, "cannot finish a digest");
    }
    state_->start();
    return value;
}

}  // namespace evidence
