#include "cli/environment.h"

#include <openssl/rand.h>
#include <signal.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "base/error.h"
#include "cli/progress_line.h"

namespace evidence::cli {
namespace {

std::atomic<bool> stop_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

void on_stop_signal(int signal_number) {
    stop_requested = true;
    ::signal(signal_number, SIG_DFL);  // the second one kills at once
}

void install_signal_handlers() {
    struct sigaction action {};
    action.sa_handler = on_stop_signal;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    for (const int signal_number : {SIGHUP, SIGQUIT}) {
        struct sigaction before {};
        ::sigaction(signal_number, nullptr, &before);
        // nohup(1), and shells for jobs in the background, ask for these to be ignored.
        if (before.sa_handler != SIG_IGN) ::sigaction(signal_number, &action, nullptr);
    }
}

class SystemClock : public Clock {
public:
    UtcTime now() const override {
        struct timespec time {};
        ::clock_gettime(CLOCK_REALTIME, &time);
        return {static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000};
    }
    std::string zone() const override {
        const time_t seconds = ::time(nullptr);
        struct tm local {};
        ::localtime_r(&seconds, &local);
        return format_zone_offset(static_cast<int>(local.tm_gmtoff / 60));
    }
    // The kernel knows whether something disciplines its clock.
    std::string source() const override {
        struct timex state {};
        const int result = ::adjtimex(&state);
        return result >= 0 && result != TIME_ERROR && !(state.status & STA_UNSYNC) ? "ntp"
                                                                                   : "system";
    }
};

class OpenSslRandom : public RandomSource {
public:
    void fill(MutableByteView bytes) override {
        while (!bytes.empty()) {
            const std::size_t count = std::min<std::size_t>(bytes.size(), INT_MAX);
            if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
                throw Error(ErrorKind::crypto, "no random bytes (expected a seeded generator)");
            }
            bytes = bytes.subspan(count);
        }
    }
};

std::string scratch_folder() {
    const std::string folder = environment_variable("TMPDIR");
    return folder.empty() ? "/var/tmp" : folder;
}

}  // namespace

struct Environment::State {
    explicit State(const CommonOptions& common) : progress(make_progress(common)) {}
    SystemClock clock;
    OpenSslRandom random;
    std::unique_ptr<ProgressSink> progress;
    Context context{clock, random, *progress, stop_requested, scratch_folder()};
};

Environment::Environment(const CommonOptions& common) : state_(std::make_unique<State>(common)) {
    install_signal_handlers();
}

Environment::~Environment() = default;

const Context& Environment::context() const { return state_->context; }

bool stop_is_requested() { return stop_requested; }

std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

void require_not_a_terminal(int fd, std::string_view what) {
    if (::isatty(fd) != 1) return;
    throw Error(
        ErrorKind::usage,
        "will not write " + std::string(what) + " to a terminal (expected a file or a pipe)",
        "redirect standard output or name a file with -o");
}

}  // namespace evidence::cli
