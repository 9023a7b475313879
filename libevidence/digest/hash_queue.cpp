#include "digest/hash_queue.h"

#include <fcntl.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "base/sorted_walk.h"
#include "digest/hash_batch.h"

namespace evidence {
namespace {

constexpr std::size_t window_batches = 64;
constexpr std::chrono::milliseconds look_around_every{200};  // interruption and progress

}  // namespace

// Batches are numbered in the order they are filled and live in a ring. `mutex_` guards the three
// counters and the `done_` counts; what is in a batch belongs to the adding thread before it is
// published and after it is done, and file by file to the worker that claimed it in between.
class HashQueue::Implementation {
public:
    Implementation(const Context& context, unsigned threads, Sink sink)
        : context_(context), sink_(std::move(sink)), watch_(context.interrupted) {
        const BigFiles big_files = threads > 1 ? BigFiles::with_threads : BigFiles::in_place;
        try {
            for (unsigned i = 0; i < threads; ++i) {
                workers_.emplace_back([this, big_files] { work(big_files); });
            }
        } catch (const std::system_error&) {
            if (workers_.empty()) throw;  // fewer threads than asked for do the work as well
        }
    }

    ~Implementation() {
        watch_.abandoned = true;
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        work_there_.notify_all();
    }

    // A batch with room for one more file, in `folder` when one is given.
    HashBatch& batch_with_room() {
        if (filling().is_full()) publish();
        return filling();
    }

    HashBatch& filling() { return ring_[published_ % window_batches].batch; }

    void publish() {
        if (filling().is_empty()) return;
        {
            const std::lock_guard lock(mutex_);
            ++published_;
        }
        work_there_.notify_all();
        context_.check_interrupted();
        while (emitted_ < published_ &&
               (published_ - emitted_ == window_batches || oldest_done())) {
            emit_oldest();
        }
    }

    void finish() {
        publish();
        while (emitted_ < published_) emit_oldest();
        report_progress();
    }

private:
    struct Slot {
        HashBatch batch;
        std::size_t done = 0;  // files
    };

    Slot& oldest() { return ring_[emitted_ % window_batches]; }

    bool oldest_done() {
        const std::lock_guard lock(mutex_);
        return failure_ || oldest().done == oldest().batch.files().size();
    }

    void emit_oldest() {
        Slot& slot = oldest();
        {
            std::unique_lock lock(mutex_);
            const auto done = [&] { return failure_ || slot.done == slot.batch.files().size(); };
            while (!work_done_.wait_for(lock, look_around_every, done)) {
                report_progress();
                context_.check_interrupted();
            }
            if (failure_) std::rethrow_exception(failure_);
        }
        report_progress();
        for (const HashBatch::File& file : slot.batch.files()) sink_(slot.batch.result(file));
        slot.batch.clear();
        slot.done = 0;
        ++emitted_;
    }

    void report_progress() {
        const std::uint64_t bytes = watch_.bytes_read.load(std::memory_order_relaxed);
        if (bytes == reported_bytes_) return;
        context_.progress.advance(bytes - reported_bytes_);
        reported_bytes_ = bytes;
    }

    // Both with the mutex held.
    bool has_work() const { return claim_batch_ < published_; }
    void mark_done(std::vector<Slot*>& slots) {
        for (Slot* const slot : slots) {
            if (++slot->done == slot->batch.files().size()) work_done_.notify_one();
        }
        slots.clear();
    }

    void work(BigFiles big_files) try {
        FileHasher hasher(watch_, big_files);
        LaneFiles lanes(watch_);
        std::vector<Slot*> waiting;  // of the files in the lanes
        std::unique_lock lock(mutex_);
        while (true) {
            if (!has_work() && !lanes.is_empty()) {
                lock.unlock();
                lanes.finish();
                lock.lock();
                mark_done(waiting);
                continue;  // by now there may be work
            }
            work_there_.wait(lock, [&] { return stopping_ || has_work(); });
            if (stopping_) return;
            Slot& slot = ring_[claim_batch_ % window_batches];
            HashBatch::File& file = slot.batch.files()[claim_file_++];
            if (claim_file_ == slot.batch.files().size()) {
                ++claim_batch_;
                claim_file_ = 0;
            }
            lock.unlock();
            slot.batch.work_on(file, hasher, lanes);
            lock.lock();
            waiting.push_back(&slot);
            if (lanes.is_empty()) mark_done(waiting);
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        stopping_ = true;
        work_there_.notify_all();
        work_done_.notify_one();
    }

    const Context& context_;
    Sink sink_;
    HashingWatch watch_;
    std::uint64_t reported_bytes_ = 0;

    std::mutex mutex_;
    std::condition_variable work_there_, work_done_;
    std::array<Slot, window_batches> ring_;
    std::uint64_t published_ = 0;  // batches before it may be worked on
    std::uint64_t emitted_ = 0;    // batches before it are handed out; adding thread only
    std::uint64_t claim_batch_ = 0;
    std::size_t claim_file_ = 0;
    bool stopping_ = false;
    std::exception_ptr failure_;
    std::vector<std::jthread> workers_;  // last: joined before anything they use is gone
};

class HashQueue::Tree : public TreeVisitor {
public:
    Tree(Implementation& queue, std::string_view root, AlgorithmSet algorithms,
         const TreeSelection* selection)
        : queue_(queue), root_(root), name_(root), algorithms_(algorithms) {
        if (selection && !selection->selects_everything()) selector_.emplace(*selection);
        if (!name_.ends_with('/')) name_ += '/';
        prefix_bytes_ = name_.size();
    }

    Descend visit(const WalkEntry& entry) override {
        const bool is_folder = entry.type == WalkType::folder;
        if (selector_) {
            const Selector::Answer answer = selector_->decide(entry.path, is_folder).answer;
            if (answer == Selector::Answer::leave) return Descend::no;
        }
        if (is_folder) return Descend::yes;
        if (entry.type == WalkType::file) {
            add_file(entry);
        } else {
            note(entry.path,
                 entry.type == WalkType::symlink ? FileOutcome::skipped_symlink
                                                 : FileOutcome::skipped_special,
                 0);
        }
        return Descend::no;
    }

    void unreadable(std::string_view path, int error_number) override {
        note(path, FileOutcome::unreadable, error_number);
    }

private:
    void set_name(std::string_view path) {
        name_.resize(prefix_bytes_);
        name_ += path;
    }

    void note(std::string_view path, FileOutcome outcome, int error_number) {
        set_name(path);
        HashBatch::File& file =
            queue_.batch_with_room().add(path.empty() ? root_ : name_, std::string_view{});
        file.outcome = outcome;
        file.error_number = error_number;
    }

    void add_file(const WalkEntry& entry) {
        set_name(entry.path);
        const std::size_t entry_bytes = std::string_view(entry.name).size();
        const std::string_view folder =
            std::string_view(name_).substr(0, name_.size() - entry_bytes);
        if (!queue_.batch_with_room().is_in(folder)) {
            queue_.publish();
            const int error_number = queue_.filling().set_folder(entry.folder_fd, folder);
            if (error_number != 0) {
                return note(entry.path, FileOutcome::unreadable, error_number);
            }
        }
        HashBatch::File& file = queue_.filling().add(name_, {});
        file.source = HashBatch::Source::entry;
        file.entry_bytes = entry_bytes;
        file.algorithms = algorithms_;
    }

    Implementation& queue_;
    std::string_view root_;
    std::string name_;
    std::size_t prefix_bytes_ = 0;
    AlgorithmSet algorithms_;
    std::optional<Selector> selector_;
};

std::string describe_problem(const HashedFile& file) {
    const std::string name(file.name);
    switch (file.outcome) {
        case FileOutcome::hashed:
        case FileOutcome::note:
            break;
        case FileOutcome::unreadable:
            return "cannot read: " + name + " (" +
                   std::generic_category().message(file.error_number) + ")";
        case FileOutcome::folder:
            return "is a folder: " + name + " (expected a file)";
        case FileOutcome::special:
            return "not a file: " + name + " (expected a regular file or a block device)";
        case FileOutcome::skipped_symlink:
            return "not followed: " + name + " (a symbolic link)";
        case FileOutcome::skipped_special:
            return "not hashed: " + name + " (a FIFO, socket or device)";
    }
    return {};
}

HashQueue::HashQueue(const Context& context, unsigned threads, Sink sink)
    : implementation_(std::make_unique<Implementation>(context, threads, std::move(sink))) {}

HashQueue::~HashQueue() = default;

void HashQueue::add_path(std::string_view path, AlgorithmSet algorithms, std::string_view remark) {
    HashBatch::File& file = implementation_->batch_with_room().add(path, remark);
    file.source = HashBatch::Source::path;
    file.algorithms = algorithms;
}

void HashQueue::add_stream(int fd, std::string_view name, AlgorithmSet algorithms,
                           std::string_view remark) {
    HashBatch::File& file = implementation_->batch_with_room().add(name, remark);
    file.source = HashBatch::Source::stream;
    file.fd = fd;
    file.algorithms = algorithms;
}

void HashQueue::add_note(std::string_view name, std::string_view remark) {
    implementation_->batch_with_room().add(name, remark).outcome = FileOutcome::note;
}

void HashQueue::add_tree(std::string_view path, AlgorithmSet algorithms,
                         const TreeSelection* selection) {
    implementation_->publish();  // the same path twice may be two folders by now
    Tree tree(*implementation_, path, algorithms, selection);
    const std::string name(path);
    const int fd = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return tree.unreadable({}, errno);
    const File root = File::adopt(fd, name);
    sorted_walk(fd, WalkDetail::names, tree);
}

void HashQueue::finish() { implementation_->finish(); }

}  // namespace evidence
