#include "base/broadcast.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace evidence {
namespace {

// What position `at` of the input holds.
std::uint8_t byte_at(std::uint64_t at) { return static_cast<std::uint8_t>(at * 31 + at / 4093); }

BroadcastReader reader_of(std::uint64_t size) {
    return [size, position = std::uint64_t{0}](MutableByteView buffer) mutable {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - position));
        for (std::size_t i = 0; i < count; ++i) buffer[i] = byte_at(position + i);
        position += count;
        return count;
    };
}

// Counts the bytes that are where they belong; one thread at a time.
struct Seen {
    std::uint64_t good = 0;
    std::uint64_t bad = 0;

    void look(ByteView bytes, std::uint64_t offset) {
        if (offset != good + bad) ++bad;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            ++(bytes[i] == byte_at(offset + i) ? good : bad);
        }
    }
};

constexpr std::uint64_t sizes[] = {
    0,           1,           mib - 1,  mib,          mib + 1,  7 * mib,     8 * mib,
    8 * mib + 1, 9 * mib - 1, 16 * mib, 17 * mib + 3, 24 * mib, 33 * mib + 5};

}  // namespace

TEST_CASE("every consumer sees every byte once and in order") {
    for (std::uint64_t size : sizes) {
        CAPTURE(size);
        Seen first, second, pulled;
        const std::uint64_t total =
            broadcast(reader_of(size),
                      {[&](ByteView bytes, std::uint64_t offset) { first.look(bytes, offset); },
                       [&](ByteView bytes, std::uint64_t offset) { second.look(bytes, offset); }},
                      {[&](const BroadcastPull& pull) {
                          Bytes buffer(300 * 1000);
                          std::uint64_t offset = 0;
                          while (const std::size_t count = pull(buffer)) {
                              pulled.look(ByteView(buffer).first(count), offset);
                              offset += count;
                          }
                      }});
        CHECK(total == size);
        for (const Seen& seen : {first, second, pulled}) {
            CHECK(seen.good == size);
            CHECK(seen.bad == 0);
        }
    }
}

TEST_CASE("batches are full but for the last, beside other consumers") {
    for (std::uint64_t size : sizes) {
        for (std::size_t batch : {std::size_t{1}, std::size_t{3}, broadcast_batch_limit}) {
            CAPTURE(size);
            CAPTURE(batch);
            Seen alone, beside;
            std::vector<std::size_t> counts;
            const std::uint64_t total = broadcast(
                reader_of(size),
                {[&](ByteView bytes, std::uint64_t offset) { beside.look(bytes, offset); }}, {},
                {{batch, [&](std::span<const ByteView> buffers, std::uint64_t offset) {
                      counts.push_back(buffers.size());
                      for (ByteView bytes : buffers) {
                          alone.look(bytes, offset);
                          offset += bytes.size();
                      }
                  }}});
            CHECK(total == size);
            CHECK(alone.good == size);
            CHECK(beside.good == size);
            CHECK(alone.bad + beside.bad == 0);
            const std::size_t buffers = static_cast<std::size_t>((size + mib - 1) / mib);
            std::vector<std::size_t> expected(buffers / batch, batch);
            if (buffers % batch > 0) expected.push_back(buffers % batch);
            CHECK(counts == expected);
        }
    }
}

TEST_CASE("batches of different sizes share a ring") {
    Seen large, small;
    const auto look_into = [](Seen& seen) {
        return [&seen](std::span<const ByteView> buffers, std::uint64_t offset) {
            for (ByteView bytes : buffers) {
                seen.look(bytes, offset);
                offset += bytes.size();
            }
        };
    };
    broadcast(reader_of(50 * mib + 1), {}, {}, {{16, look_into(large)}, {2, look_into(small)}});
    CHECK(large.good == 50 * mib + 1);
    CHECK(small.good == 50 * mib + 1);
}

TEST_CASE("a consumer that comes after another sees only what that one is done with") {
    for (std::uint64_t size : sizes) {
        CAPTURE(size);
        Seen first, second;
        std::atomic<std::uint64_t> done = 0;
        bool always_behind = true;
        const auto look = [](Seen& seen, std::span<const ByteView> buffers, std::uint64_t offset) {
            for (ByteView bytes : buffers) {
                seen.look(bytes, offset);
                offset += bytes.size();
            }
        };
        broadcast(reader_of(size), {}, {},
                  {{broadcast_batch_limit, [](std::span<const ByteView>, std::uint64_t) {}},
                   {3,
                    [&](std::span<const ByteView> buffers, std::uint64_t offset) {
                        look(first, buffers, offset);
                        done = first.good;
                    }},
                   {8,
                    [&](std::span<const ByteView> buffers, std::uint64_t offset) {
                        look(second, buffers, offset);
                        always_behind = always_behind && second.good <= done;
                    },
                    1}});
        CHECK(second.good == size);
        CHECK(second.bad == 0);
        CHECK(always_behind);
    }
}

TEST_CASE("a consumer that waits for one that fails is stopped") {
    const auto fail = [](std::span<const ByteView>, std::uint64_t offset) {
        if (offset > 0) throw std::runtime_error("full");
    };
    const auto nothing = [](std::span<const ByteView>, std::uint64_t) {};
    CHECK_THROWS_WITH(broadcast(reader_of(40 * mib), {}, {}, {{1, fail}, {8, nothing, 0}}), "full");
}

TEST_CASE("a failure anywhere stops everybody and is thrown") {
    const BroadcastConsumer fine = [](ByteView, std::uint64_t) {};
    const BroadcastPullConsumer fine_pull = [](const BroadcastPull&) {};
    const BroadcastBatchConsumer fine_batch = {8, [](std::span<const ByteView>, std::uint64_t) {}};
    const auto fail = [](std::uint64_t offset) {
        if (offset >= 12 * mib) throw std::runtime_error("enough");
    };
    CHECK_THROWS_WITH(broadcast(reader_of(100 * mib),
                                {fine, [&](ByteView, std::uint64_t offset) { fail(offset); }},
                                {fine_pull}, {fine_batch}),
                      "enough");
    CHECK_THROWS_WITH(
        broadcast(reader_of(100 * mib), {fine}, {fine_pull},
                  {fine_batch,
                   {16, [&](std::span<const ByteView>, std::uint64_t offset) { fail(offset); }}}),
        "enough");
    std::uint64_t position = 0;
    CHECK_THROWS_WITH(broadcast(
                          [&](MutableByteView buffer) {
                              fail(position);
                              position += buffer.size();
                              return buffer.size();
                          },
                          {fine}, {fine_pull}, {fine_batch}),
                      "enough");
}

TEST_CASE("a consumer that pulls may stop early") {
    Seen rest;
    const std::uint64_t total =
        broadcast(reader_of(30 * mib),
                  {[&](ByteView bytes, std::uint64_t offset) { rest.look(bytes, offset); }},
                  {[](const BroadcastPull& pull) {
                      Bytes buffer(10);
                      CHECK(pull(buffer) == 10);
                  }});
    CHECK(total == 30 * mib);
    CHECK(rest.good == 30 * mib);
}

}  // namespace evidence
