// Threads that do the numbered parts of one task after the other, the calling thread among them,
// while the caller takes the results in order.
//
// Thread rule: belongs to one thread; has workers of its own.
#pragma once

#include <functional>
#include <memory>

namespace evidence {

class ChunkWorkers {
public:
    // Does the part `index`; `worker` is 0 for the calling thread and counts up for the others.
    using Job = std::function<void(std::size_t index, unsigned worker)>;

    explicit ChunkWorkers(unsigned workers);  // besides the calling thread
    ~ChunkWorkers();                          // waits for the parts that were begun only
    ChunkWorkers(const ChunkWorkers&) = delete;
    ChunkWorkers& operator=(const ChunkWorkers&) = delete;

    // Begins with the parts 0 to `count` - 1. Precondition: the task before was waited for to its
    // end or abandoned.
    void start(std::size_t count, Job job);
    // Until that part is done; does others meanwhile. Throws the first failure of any part.
    void wait_for(std::size_t index);
    void wait_for_all();
    // Leaves the rest undone; nobody works on the task any more.
    void abandon();

private:
    class State;
    std::unique_ptr<State> state_;
};

// One for each processor but the first, which the calling thread is for; at least 1.
unsigned default_worker_count();

}  // namespace evidence
