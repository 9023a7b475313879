#include "digest/sha256_lanes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include "base/error.h"

namespace evidence {
namespace {

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

std::vector<Sha256> one_by_one(const std::vector<ByteView>& messages) {
    std::vector<Sha256> digests;
    for (ByteView message : messages) digests.push_back(sha256(message));
    return digests;
}

std::vector<Sha256> many(Sha256Engine engine, const std::vector<ByteView>& messages) {
    std::vector<Sha256> digests(messages.size());
    sha256_many(engine, messages, digests);
    return digests;
}

}  // namespace

TEST_CASE("openssl works everywhere and the last usable engine is the one in use") {
    const auto& usable = usable_sha256_engines();
    REQUIRE(!usable.empty());
    CHECK(usable.front() == Sha256Engine::openssl);
    CHECK(usable.back() == engine_in_use());
    CHECK(std::set(usable.begin(), usable.end()).size() == usable.size());
    for (Sha256Engine engine : usable) {
        MESSAGE("works here: ", std::string(name_of(engine)));
        CHECK(sha256_engine_named(name_of(engine)) == engine);
        CHECK(sha256_lanes(engine) >= 1);
    }
    CHECK(!sha256_engine_named("sse2"));
}

TEST_CASE("an engine that does not work here is refused by name") {
    const auto& usable = usable_sha256_engines();
    for (std::string_view name : {"openssl", "avx2", "shani", "avx512"}) {
        const Sha256Engine engine = *sha256_engine_named(name);
        if (std::find(usable.begin(), usable.end(), engine) == usable.end()) {
            CHECK_THROWS_AS(many(engine, {}), Error);
        } else {
            CHECK(many(engine, {}).empty());
        }
    }
}

TEST_CASE("every length up to five blocks gives the digest openssl gives") {
    std::mt19937_64 random(1);
    const Bytes text = random_bytes(random, 1000);
    std::vector<ByteView> messages;
    for (std::size_t length = 0; length <= 320; ++length) {
        messages.push_back(ByteView(text).subspan(length, length));
    }
    const std::vector<Sha256> expected = one_by_one(messages);
    for (Sha256Engine engine : usable_sha256_engines()) {
        CAPTURE(std::string(name_of(engine)));
        CHECK(many(engine, messages) == expected);
        for (std::size_t i = 0; i < messages.size(); ++i) {
            CHECK(many(engine, {messages[i]}).front() == expected[i]);
        }
    }
}

TEST_CASE("any number of messages of any lengths at any address") {
    std::mt19937_64 random(2);
    const Bytes text = random_bytes(random, 6000);
    for (int turn = 0; turn < 300; ++turn) {
        std::vector<ByteView> messages(random() % 41);
        for (ByteView& message : messages) {
            const std::size_t length = random() % 3 == 0 ? random() % 130 : random() % 5001;
            message = ByteView(text).subspan(random() % 1000, length);
        }
        const std::vector<Sha256> expected = one_by_one(messages);
        for (Sha256Engine engine : usable_sha256_engines()) {
            CAPTURE(std::string(name_of(engine)));
            CAPTURE(turn);
            REQUIRE(many(engine, messages) == expected);
        }
    }
}

TEST_CASE("long messages among short ones") {
    std::mt19937_64 random(3);
    const Bytes text = random_bytes(random, 2 * mib + 100);
    std::vector<ByteView> messages;
    for (std::size_t i = 0; i < 20; ++i) messages.push_back(ByteView(text).subspan(i, mib));
    for (std::size_t i = 0; i < 20; ++i) {
        messages.insert(messages.begin() + static_cast<std::ptrdiff_t>(2 * i),
                        ByteView(text).subspan(i * 1000, i * 37));
    }
    messages.push_back(ByteView(text).first(2 * mib + 63));
    const std::vector<Sha256> expected = one_by_one(messages);
    for (Sha256Engine engine : usable_sha256_engines()) {
        CAPTURE(std::string(name_of(engine)));
        CHECK(many(engine, messages) == expected);
    }
}

// Reads stay inside the messages: each is a heap block of its own, which the sanitizer build
// watches.
TEST_CASE("each message ends where its memory ends") {
    std::mt19937_64 random(4);
    std::vector<Bytes> texts;
    for (std::size_t i = 0; i < 64; ++i) texts.push_back(random_bytes(random, random() % 300));
    const std::vector<ByteView> messages(texts.begin(), texts.end());
    const std::vector<Sha256> expected = one_by_one(messages);
    for (Sha256Engine engine : usable_sha256_engines()) CHECK(many(engine, messages) == expected);
}

TEST_CASE("a stream of messages fits in as many buffers as there are lanes") {
    std::mt19937_64 random(5);
    const Bytes text = random_bytes(random, 5000);
    for (Sha256Engine engine : usable_sha256_engines()) {
        CAPTURE(std::string(name_of(engine)));
        std::vector<Bytes> buffers(sha256_lanes(engine));
        std::set<std::size_t> free;
        for (std::size_t i = 0; i < buffers.size(); ++i) free.insert(i);
        std::map<std::size_t, ByteView> under_way;
        std::size_t started = 0;
        std::size_t ended = 0;
        sha256_each(
            engine,
            [&]() -> std::optional<LaneMessage> {
                if (started == 500) return std::nullopt;
                ++started;
                REQUIRE(!free.empty());
                const std::size_t buffer = *free.begin();
                free.erase(buffer);
                under_way[buffer] = ByteView(text).first(random() % 5001);
                buffers[buffer].assign(under_way[buffer].begin(), under_way[buffer].end());
                return LaneMessage{buffers[buffer], buffer};
            },
            [&](std::size_t buffer, const Sha256& digest) {
                ++ended;
                CHECK(digest == sha256(under_way[buffer]));
                buffers[buffer].assign(1, 0);
                free.insert(buffer);
            });
        CHECK(ended == 500);
    }
}

TEST_CASE("what a callback throws passes through") {
    const Bytes text(100);
    for (Sha256Engine engine : usable_sha256_engines()) {
        std::size_t started = 0;
        CHECK_THROWS_AS(sha256_each(
                            engine,
                            [&]() -> std::optional<LaneMessage> {
                                if (started++ == 3) throw std::runtime_error("no more");
                                return LaneMessage{text, 0};
                            },
                            [](std::size_t, const Sha256&) {}),
                        std::runtime_error);
    }
}

}  // namespace evidence
