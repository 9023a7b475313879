#include "acquisition/ewf_handles.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/printable.h"

namespace evidence {
namespace {

// libewf 20140813 counts one too many, and fails when it comes back to an open file that is not the
// one used last: with this number there is none.
constexpr int open_files = 2;

}  // namespace

EwfHandle make_ewf_handle() {
    libewf_handle_t* raw = nullptr;
    if (libewf_handle_initialize(&raw, nullptr) != 1) throw std::bad_alloc();
    EwfHandle handle(raw);
    if (libewf_handle_set_maximum_number_of_open_handles(raw, open_files, nullptr) != 1) {
        throw std::bad_alloc();
    }
    return handle;
}

libewf_error_t** EwfError::receive() {
    forget();
    errno = 0;
    return &error_;
}

void EwfError::forget() {
    if (error_) libewf_error_free(&error_);
    error_ = nullptr;
}

// libewf gives one line per level, "function: text.", the deepest first.
std::string EwfError::take_reason() {
    std::array<char, 4096> text{};
    if (error_) libewf_error_backtrace_sprint(error_, text.data(), text.size() - 1);
    forget();
    std::string_view line(text.data());
    line = line.substr(0, line.find('\n'));
    if (const std::size_t end = line.find(": "); end != line.npos) line.remove_prefix(end + 2);
    while (line.ends_with('.')) line.remove_suffix(1);
    return line.empty() ? "libewf gives no reason" : printable(line);
}

void EwfError::raise_io(std::string_view what, std::string_view path, std::string hint) {
    const int error_number = errno;
    const std::string own = take_reason();
    throw Error(ErrorKind::io,
                std::string(what) + ": " + printable(path) + " (" +
                    (error_number != 0 ? std::strerror(error_number) : own) + ")",
                std::move(hint));
}

void EwfError::raise_malformed(std::string_view what, std::string_view path) {
    throw Error(ErrorKind::malformed,
                std::string(what) + ": " + printable(path) + " (" + take_reason() + ")");
}

}  // namespace evidence
