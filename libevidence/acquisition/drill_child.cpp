#include "acquisition/drill_child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>

#include "base/error.h"
#include "base/file.h"

namespace evidence {
namespace {

constexpr std::size_t max_answer_bytes = 4096;
constexpr char reached = '\x01';  // no text begins with it

struct Pipe {
    File read_end, write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("cannot make", "a pipe");
    return {File::adopt(ends[0], "pipe"), File::adopt(ends[1], "pipe")};
}

void limit_files(std::uint64_t largest_bytes) {
    const rlimit limit{largest_bytes, largest_bytes};
    ::signal(SIGXFSZ, SIG_IGN);  // the write says it
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw_errno("cannot limit", "the size of files");
}

// Never returns, and never runs what the parent would clean up.
[[noreturn]] void be_the_child(Pipe& pipe, const std::function<std::string()>& work) {
    std::string answer;
    try {
        answer = work();
    } catch (const std::exception& error) {
        answer = error.what();
    }
    answer.resize(std::min(answer.size(), max_answer_bytes));
    try {
        pipe.write_end.write(as_bytes(answer));
    } catch (const Error&) {
    }
    ::_exit(0);
}

// Until the child has said something that ends with its end, or has called.
std::string listen(Pipe& pipe, const Context& context) {
    std::string said;
    std::array<char, 256> buffer{};
    for (;;) {
        context.check_interrupted();
        if (!wait_readable(pipe.read_end.fd())) continue;
        const ssize_t count = ::read(pipe.read_end.fd(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return said;
        said.append(buffer.data(), static_cast<std::size_t>(count));
        if (said.front() == reached || said.size() >= max_answer_bytes) return said;
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw_errno("cannot wait for", "a process");
    }
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

ChildEnd attend(pid_t child, Pipe& pipe, const Context& context) {
    pipe.write_end.close();
    std::string said;
    try {
        said = listen(pipe, context);
    } catch (...) {
        ::kill(child, SIGKILL);
        wait_for(child);
        throw;
    }
    const bool has_called = !said.empty() && said.front() == reached;
    if (has_called) ::kill(child, SIGKILL);
    return {wait_for(child), has_called ? "" : said};
}

}  // namespace

ChildEnd run_in_child(const std::function<std::string()>& work,
                      std::optional<std::uint64_t> largest_file_bytes, const Context& context) {
    Pipe pipe = make_pipe();
    const pid_t child = ::fork();
    if (child < 0) throw_errno("cannot start", "a process");
    if (child > 0) return attend(child, pipe, context);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left to end it
    be_the_child(pipe, [&] {
        if (largest_file_bytes) limit_files(*largest_file_bytes);
        return work();
    });
}

ChildEnd kill_in_the_middle(
    const std::function<std::string(const std::function<void()>& stop_here)>& work,
    const Context& context) {
    Pipe pipe = make_pipe();
    const pid_t child = ::fork();
    if (child < 0) throw_errno("cannot start", "a process");
    if (child > 0) return attend(child, pipe, context);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left to end it
    const auto stop_here = [&pipe] {
        (void)!::write(pipe.write_end.fd(), &reached, 1);
        for (;;) ::pause();
    };
    be_the_child(pipe, [&] { return work(stop_here); });
}

}  // namespace evidence
