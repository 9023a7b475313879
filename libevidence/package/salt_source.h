// Salts of records, asked for in batches: a tree of a million files needs as many.
//
// Thread rule: one thread at a time.
#pragma once

#include <string>

#include "base/context.h"

namespace evidence {

class SaltSource {
public:
    explicit SaltSource(RandomSource& random) : random_(random) {}

    std::string next();  // 128 random bits in hexadecimal

private:
    RandomSource& random_;
    Bytes buffer_;
    std::size_t position_ = 0;
};

}  // namespace evidence
