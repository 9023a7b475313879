#include "verification/package_spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = mib;
constexpr std::string_view zip_start = "PK";

File duplicate(int fd, const std::string& name) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) throw_errno("cannot read", name);
    return File::adopt(copy, name);
}

bool is_file_at_its_start(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && ::lseek(fd, 0, SEEK_CUR) == 0;
}

std::size_t read_next(int fd, MutableByteView buffer, const std::string& name,
                      const Context& context) {
    for (;;) {
        context.check_interrupted();
        if (!wait_readable(fd)) continue;
        const ssize_t got = ::read(fd, buffer.data(), buffer.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR && errno != EAGAIN) throw_errno("cannot read", name);
    }
}

void write_all(const File& file, ByteView bytes, const Context& context) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(file.fd(), bytes.data(), bytes.size());
        if (done > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        } else if (errno != EINTR) {
            const int problem = errno;
            throw Error(
                ErrorKind::io,
                "cannot keep the package from standard input: " + context.scratch_folder.native() +
                    " (" + std::generic_category().message(problem) + ")",
                "TMPDIR names a folder with room for the whole package; a package that is "
                "a file needs none");
        }
    }
}

// A spool that keeps the name of where its content came from.
File renamed(const File& spool, const std::string& name) { return duplicate(spool.fd(), name); }

}  // namespace

File spool_package(int fd, const std::string& name, const Context& context) {
    if (is_file_at_its_start(fd)) return duplicate(fd, name);
    const File spool = File::create_unnamed(context.scratch_folder);
    Bytes buffer(buffer_bytes);
    std::string start;
    context.progress.start("reading", std::nullopt);
    while (const std::size_t got = read_next(fd, buffer, name, context)) {
        const ByteView bytes = ByteView(buffer).first(got);
        if (start.size() < zip_start.size()) {
            start += as_text(bytes.first(std::min(got, zip_start.size() - start.size())));
            if (!zip_start.starts_with(start)) break;
        }
        write_all(spool, bytes, context);
        context.progress.advance(got);
    }
    context.progress.finish();
    if (start != zip_start) {
        throw Error(ErrorKind::malformed,
                    "not a sealed package: " + name + " (expected a ZIP file)");
    }
    return renamed(spool, name);
}

}  // namespace evidence
