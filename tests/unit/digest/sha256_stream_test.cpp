#include "digest/sha256_stream.h"

#include <doctest/doctest.h>

#include <random>

using namespace evidence;

namespace {

Bytes random_bytes(std::mt19937& numbers, std::size_t size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(numbers());
    return bytes;
}

}  // namespace

TEST_CASE("a message in parts of any size has its digest, with every engine") {
    std::mt19937 numbers(1);
    for (const Sha256Engine engine : usable_sha256_engines()) {
        Sha256Stream stream(engine);
        for (std::size_t size = 0; size < 300; ++size) {
            const Bytes bytes = random_bytes(numbers, size);
            ByteView left(bytes);
            while (!left.empty()) {
                const std::size_t count = std::min<std::size_t>(left.size(), numbers() % 130);
                stream.update(left.first(count));
                left = left.subspan(count);
            }
            CHECK(stream.finish() == sha256(ByteView(bytes)));
        }
    }
}

TEST_CASE("two messages over the same bytes have the digests they have alone") {
    std::mt19937 numbers(2);
    for (const Sha256Engine engine : usable_sha256_engines()) {
        Sha256Stream one(engine), other(engine);
        for (int round = 0; round < 300; ++round) {
            Bytes message = random_bytes(numbers, numbers() % 150);
            Bytes longer = random_bytes(numbers, numbers() % 150);
            one.update(message);
            other.update(longer);
            for (unsigned part = 0; part < numbers() % 4; ++part) {
                const Bytes both = random_bytes(numbers, numbers() % 700);
                Sha256Stream::update_both(one, other, both);
                message.insert(message.end(), both.begin(), both.end());
                longer.insert(longer.end(), both.begin(), both.end());
            }
            const Bytes last = random_bytes(numbers, numbers() % 70);
            other.update(last);
            longer.insert(longer.end(), last.begin(), last.end());
            CHECK(one.finish() == sha256(ByteView(message)));
            CHECK(other.finish() == sha256(ByteView(longer)));
        }
    }
}
