#include "acquisition/byte_evenness.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("noise looks like noise, text, zeros, counters and repeated noise do not") {
    const std::string random = noise(256 << 10);
    for (std::size_t at = 0; at < random.size(); at += 32768) {
        CHECK(looks_like_noise(as_bytes(random).subspan(at, 32768)));
    }
    CHECK(looks_like_noise(as_bytes(random)));
    std::string counter, text, repeated;
    while (counter.size() < 32768) counter += static_cast<char>(counter.size());
    while (text.size() < 32768) text += "The quick brown fox jumps over the lazy dog. ";
    while (repeated.size() < 32768) repeated += random.substr(0, 4096);
    CHECK(!looks_like_noise(as_bytes(counter)));
    CHECK(!looks_like_noise(as_bytes(text)));
    CHECK(!looks_like_noise(as_bytes(repeated)));
    CHECK(!looks_like_noise(as_bytes(std::string(32768, '\0'))));
    // A sixteenth of it is something else.
    CHECK(!looks_like_noise(as_bytes(random.substr(0, 30720) + std::string(2048, 'x'))));
    CHECK(!looks_like_noise(as_bytes(random).first(1000)));
}
