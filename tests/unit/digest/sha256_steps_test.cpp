#include "digest/sha256_steps.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace evidence;

namespace {

Bytes message(std::size_t number, std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * i + 31 * number + i / 7);
    }
    return bytes;
}

}  // namespace

TEST_CASE("messages fed in steps have their digests, with every engine and number of messages") {
    constexpr std::size_t step = 192, steps = 11;
    for (Sha256Engine engine : usable_sha256_engines()) {
        const std::string name(name_of(engine));
        CAPTURE(name);
        for (std::size_t count = 1; count <= Sha256Steps::max_messages(engine); ++count) {
            std::vector<Bytes> messages;
            for (std::size_t i = 0; i < count; ++i) messages.push_back(message(i, step * steps));
            Sha256Steps hasher(count, engine);
            for (std::size_t at = 0; at < step * steps; at += step) {
                std::vector<ByteView> parts;
                for (const Bytes& bytes : messages) {
                    parts.push_back(ByteView(bytes).subspan(at, step));
                }
                hasher.update(parts);
            }
            std::vector<Sha256> digests(count);
            hasher.finish(digests);
            for (std::size_t i = 0; i < count; ++i) {
                CHECK(digests[i] == sha256(ByteView(messages[i])));
            }
        }
    }
}

TEST_CASE("parts that do not fit are refused") {
    const Bytes bytes(256);
    const ByteView whole(bytes);
    Sha256Steps hasher(2);
    const ByteView one[] = {whole};
    const ByteView unequal[] = {whole, whole.first(64)};
    const ByteView no_block[] = {whole.first(63), whole.first(63)};
    CHECK_THROWS_AS(hasher.update(one), Error);
    CHECK_THROWS_AS(hasher.update(unequal), Error);
    CHECK_THROWS_AS(hasher.update(no_block), Error);
    CHECK_THROWS_AS(Sha256Steps(0), Error);
    CHECK_THROWS_AS(Sha256Steps(17), Error);
}
