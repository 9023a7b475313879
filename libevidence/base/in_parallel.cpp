#include "base/in_parallel.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace evidence {
namespace {

constexpr std::size_t max_threads = 64;

std::size_t threads_for(std::size_t count, std::size_t worthwhile) {
    const std::size_t cores =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, max_threads);
    return std::clamp<std::size_t>(count / std::max<std::size_t>(worthwhile, 1), 1, cores);
}

}  // namespace

void in_parallel(std::size_t count, std::size_t worthwhile,
                 const std::function<void(std::size_t first, std::size_t end)>& work) {
    const std::size_t threads = threads_for(count, worthwhile);
    std::vector<std::exception_ptr> errors(threads);
    const auto run = [&](std::size_t part) {
        try {
            work(count * part / threads, count * (part + 1) / threads);
        } catch (...) {
            errors[part] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t part = 1; part < threads; ++part) others.emplace_back(run, part);
        run(0);
    }
    const auto failed = std::find_if(errors.begin(), errors.end(),
                                     [](const std::exception_ptr& error) { return bool(error); });
    if (failed != errors.end()) std::rethrow_exception(*failed);
}

}  // namespace evidence
