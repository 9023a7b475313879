#include "acquisition/chunk_workers.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace evidence {

class ChunkWorkers::State {
public:
    explicit State(unsigned workers) {
        try {
            for (unsigned i = 1; i <= workers; ++i) {
                workers_.emplace_back([this, i] { work(i); });
            }
        } catch (...) {
            stop();  // no thread could be started
            throw;
        }
    }

    ~State() { stop(); }

    void start(std::size_t count, Job job) {
        const std::lock_guard lock(mutex_);
        job_ = std::move(job);
        done_.assign(count, 0);
        next_ = 0;
        failure_ = nullptr;
        work_is_there_.notify_all();
    }

    // Does others while this one is being done by somebody else.
    void wait_for(std::size_t index) {
        std::unique_lock lock(mutex_);
        while (!done_[index] && !failure_) {
            if (next_ < done_.size()) {
                do_next(lock, 0);
            } else {
                one_is_done_.wait(lock);
            }
        }
        if (failure_) std::rethrow_exception(failure_);
    }

    void wait_for_all() {
        for (std::size_t i = 0; i < done_.size(); ++i) wait_for(i);
    }

    void abandon() {
        std::unique_lock lock(mutex_);
        next_ = done_.size();
        one_is_done_.wait(lock, [this] { return busy_ == 0; });
    }

private:
    void work(unsigned worker) {
        std::unique_lock lock(mutex_);
        for (;;) {
            work_is_there_.wait(lock, [this] { return stopping_ || next_ < done_.size(); });
            if (stopping_) return;
            do_next(lock, worker);
            one_is_done_.notify_one();
        }
    }

    void do_next(std::unique_lock<std::mutex>& lock, unsigned worker) {
        const std::size_t index = next_++;
        ++busy_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            job_(index, worker);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        --busy_;
        done_[index] = 1;
        if (failure && !failure_) failure_ = failure;
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        work_is_there_.notify_all();
        workers_.clear();
    }

    std::mutex mutex_;
    std::condition_variable work_is_there_, one_is_done_;
    Job job_;  // does not change while anybody is busy
    std::vector<char> done_;
    std::size_t next_ = 0, busy_ = 0;
    std::exception_ptr failure_;
    bool stopping_ = false;
    std::vector<std::jthread> workers_;  // last: joined before the rest goes
};

ChunkWorkers::ChunkWorkers(unsigned workers) : state_(std::make_unique<State>(workers)) {}

ChunkWorkers::~ChunkWorkers() = default;

void ChunkWorkers::start(std::size_t count, Job job) { state_->start(count, std::move(job)); }

void ChunkWorkers::wait_for(std::size_t index) { state_->wait_for(index); }

void ChunkWorkers::wait_for_all() { state_->wait_for_all(); }

void ChunkWorkers::abandon() { state_->abandon(); }

unsigned default_worker_count() { return std::max(std::thread::hardware_concurrency(), 2U) - 1; }

}  // namespace evidence
