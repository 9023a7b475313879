#include "acquisition/chunk_workers.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace evidence;

TEST_CASE("every part of a task is done once, by as many workers as there are") {
    for (const unsigned count : {0U, 1U, 5U}) {
        ChunkWorkers workers(count);
        for (const std::size_t parts : {0U, 1U, 2U, 1000U}) {
            std::vector<int> done(parts);
            std::atomic<bool> is_known = true;
            workers.start(parts, [&](std::size_t index, unsigned worker) {
                if (worker > count) is_known = false;
                ++done[index];
            });
            for (std::size_t i = 0; i < parts; ++i) {
                workers.wait_for(i);
                CHECK(done[i] == 1);
            }
            workers.start(parts, [&](std::size_t index, unsigned) { ++done[index]; });
            workers.wait_for_all();
            CHECK(done == std::vector<int>(parts, 2));
            CHECK(is_known);
        }
    }
}

TEST_CASE("the failure of a part is thrown, and the workers go on with the next task") {
    ChunkWorkers workers(2);
    for (int i = 0; i < 20; ++i) {
        workers.start(50, [](std::size_t index, unsigned) {
            if (index == 20) throw std::runtime_error("number 20");
        });
        CHECK_THROWS_WITH(workers.wait_for_all(), "number 20");
        workers.abandon();
        workers.start(50, [](std::size_t, unsigned) {});
        CHECK_NOTHROW(workers.wait_for_all());
    }
}

TEST_CASE("nobody works on a task that was abandoned") {
    ChunkWorkers workers(3);
    for (int i = 0; i < 100; ++i) {
        std::atomic<int> done = 0;
        workers.start(1000, [&](std::size_t, unsigned) { ++done; });
        workers.wait_for(3);
        workers.abandon();
        const int before = done;
        CHECK(before >= 1);
        CHECK(done == before);
    }
}
