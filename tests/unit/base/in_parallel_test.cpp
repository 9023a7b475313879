#include "base/in_parallel.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using namespace evidence;

TEST_CASE("every number is worked on once, whatever the number of threads") {
    for (const std::size_t count : {0, 1, 2, 7, 1000}) {
        std::vector<int> seen(count);
        in_parallel(count, 1, [&seen](std::size_t first, std::size_t end) {
            for (std::size_t i = first; i < end; ++i) ++seen[i];
        });
        CHECK(seen == std::vector<int>(count, 1));
    }
}

TEST_CASE("what the work throws passes through") {
    const auto fail_at_end = [](std::size_t, std::size_t end) {
        if (end == 100) throw std::runtime_error("broken");
    };
    CHECK_THROWS_AS(in_parallel(100, 1, fail_at_end), std::runtime_error);
    CHECK_THROWS_AS(in_parallel(100, 1000, fail_at_end), std::runtime_error);
}
