#include "cli/diagnostics.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

namespace evidence::cli {

void write_diagnostics(fmt::string_view format, fmt::format_args arguments) noexcept {
    try {
        const std::string text = fmt::vformat(format, arguments);
        std::fwrite(text.data(), 1, text.size(), stderr);
        std::fflush(stderr);
    } catch (...) {  // no memory left to say that there is no memory left
    }
}

void guard_standard_streams() {
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a write beyond ulimit -f is an error like any other
    for (const auto& [fd, mode] : {std::pair{STDIN_FILENO, O_WRONLY},
                                   {STDOUT_FILENO, O_RDONLY},
                                   {STDERR_FILENO, O_WRONLY}}) {
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            // The lowest free descriptor is this one: those below it are open by now.
            (void)::open("/dev/null", mode);
        }
    }
}

}  // namespace evidence::cli
