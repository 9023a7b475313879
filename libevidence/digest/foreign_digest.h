// Digests of other people's manifests, by the names their file names carry: "sha224", "sha512256",
// "blake2s256". What our own documents use is in algorithm.h; the others are computed to be
// compared and never written.
//
// Thread rule: a ForeignHasher belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "digest/algorithm.h"

namespace evidence {

// Lower case, letters and digits only: "SHA-256" is sha256 (RFC 8493 section 2.4).
std::string normalised_algorithm_name(std::string_view name);

struct ForeignAlgorithm {
    std::string name;              // normalised
    std::optional<Algorithm> own;  // when it is one of ours
    std::size_t digest_bytes = 0;
};

// nullopt for one that is not known here or that OpenSSL withholds. `name` is normalised.
std::optional<ForeignAlgorithm> foreign_algorithm_named(std::string_view name);

class ForeignHasher {
public:
    // Precondition: found by foreign_algorithm_named().
    explicit ForeignHasher(const ForeignAlgorithm& algorithm);
    ~ForeignHasher();
    ForeignHasher(ForeignHasher&&) noexcept;
    ForeignHasher& operator=(ForeignHasher&&) noexcept;

    void update(ByteView bytes);
    Bytes finish();  // and starts anew

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
