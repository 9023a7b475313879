#include "acquisition/timed_reader.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t largest_read_bytes = mib;

using SteadyClock = std::chrono::steady_clock;

struct Question {
    std::uint64_t offset_bytes;
    std::uint64_t size_bytes;
};

File duplicate(const File& file) {
    const int fd = ::fcntl(file.fd(), F_DUPFD_CLOEXEC, 3);
    if (fd < 0) throw_errno("cannot read", file.name());
    return File::adopt(fd, file.name());
}

// What the other process does. Between fork and here only calls that are safe after a fork in a
// program with threads (signal-safety(7)). It holds on to nothing but the source: neither to the
// lock of the item, nor to the pipes of whoever called us.
[[noreturn]] void answer_questions(int source, int socket, void* memory) {
    constexpr int own_source = 3, own_socket = 4;
    const int parked_source = ::fcntl(source, F_DUPFD, own_socket + 1);
    const int parked_socket = ::fcntl(socket, F_DUPFD, own_socket + 1);
    const int nothing = ::open("/dev/null", O_RDWR);
    for (int standard = 0; standard <= 2; ++standard) ::dup2(nothing, standard);
    ::dup2(parked_source, own_source);
    ::dup2(parked_socket, own_socket);
    ::close_range(own_socket + 1, ~0u, 0);
    ::signal(SIGINT, SIG_IGN);  // the one who asks decides what ^C means
    ::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    Question question{};
    while (::read(own_socket, &question, sizeof question) == sizeof question) {
        std::int64_t answer = ::pread(own_source, memory, question.size_bytes,
                                      static_cast<off_t>(question.offset_bytes));
        if (answer < 0) answer = -errno;
        if (::write(own_socket, &answer, sizeof answer) != sizeof answer) break;
    }
    ::_exit(0);
}

}  // namespace

class TimedReader::Worker {
public:
    // Not usable when the system has no process, memory or descriptor for it.
    explicit Worker(const File& file) {
        memory_ = ::mmap(nullptr, largest_read_bytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int ends[2];
        if (memory_ == MAP_FAILED ||
            ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
            return;
        }
        socket_ = File::adopt(ends[0], "reader");
        const File other = File::adopt(ends[1], "reader");
        process_ = ::fork();
        if (process_ == 0) answer_questions(file.fd(), other.fd(), memory_);
    }
    ~Worker() {
        socket_ = File();  // ends the process, unless it hangs
        if (hangs_) ::kill(process_, SIGKILL);
        if (process_ > 0) ::waitpid(process_, nullptr, hangs_ ? WNOHANG : 0);
        if (memory_ != MAP_FAILED) ::munmap(memory_, largest_read_bytes);
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    ssize_t read_at(MutableByteView buffer, std::uint64_t offset, SteadyClock::time_point end) {
        const Question question{offset, std::min(buffer.size(), largest_read_bytes)};
        if (process_ <= 0 || ::send(socket_.fd(), &question, sizeof question, MSG_NOSIGNAL) < 0) {
            return -EAGAIN;
        }
        if (!wait_for_answer(end)) {
            hangs_ = true;
            return -ETIMEDOUT;
        }
        std::int64_t answer = 0;
        if (::read(socket_.fd(), &answer, sizeof answer) != sizeof answer) return -EAGAIN;
        if (answer > 0) {
            std::copy_n(static_cast<const std::uint8_t*>(memory_), static_cast<std::size_t>(answer),
                        buffer.begin());
        }
        return static_cast<ssize_t>(answer);
    }

private:
    bool wait_for_answer(SteadyClock::time_point end) const {
        for (;;) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now());
            struct pollfd answer {
                socket_.fd(), POLLIN, 0
            };
            const int count =
                ::poll(&answer, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
            if (count > 0) return true;
            if (count == 0 || errno != EINTR) return false;
        }
    }

    void* memory_ = MAP_FAILED;
    File socket_;
    pid_t process_ = -1;
    bool hangs_ = false;
};

TimedReader::TimedReader(const File& file, std::chrono::milliseconds limit)
    : file_(duplicate(file)), limit_(limit) {}

TimedReader::~TimedReader() = default;

ssize_t TimedReader::read_at(MutableByteView buffer, std::uint64_t offset) {
    if (hung_reads_ == max_hung_reads) return -ENODEV;
    ssize_t count = -EAGAIN;
    // A worker that was killed says nothing about the device: another one is asked.
    for (unsigned workers = 0; workers < 2 && count == -EAGAIN; ++workers) {
        if (!worker_) worker_ = std::make_unique<Worker>(file_);
        count = worker_->read_at(buffer, offset, SteadyClock::now() + limit_);
        if (count == -ETIMEDOUT) ++hung_reads_;
        if (count == -ETIMEDOUT || count == -EAGAIN) worker_.reset();
    }
    return count;
}

}  // namespace evidence
