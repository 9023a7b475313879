#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace evidence {

Error::Error(ErrorKind kind, std::string message, std::string hint)
    : kind_(kind), message_(std::move(message)), hint_(std::move(hint)) {}

void throw_system_error(int error_number, std::string_view what, std::string_view path) {
    ErrorKind kind = ErrorKind::io;
    if (error_number == ENOENT || error_number == ENOTDIR) kind = ErrorKind::not_found;
    if (error_number == EEXIST) kind = ErrorKind::exists;
    std::string message(what);
    message.append(": ").append(path).append(" (");
    message.append(std::generic_category().message(error_number)).append(")");
    throw Error(kind, std::move(message));
}

void throw_errno(std::string_view what, std::string_view path) {
    throw_system_error(errno, what, path);
}

}  // namespace evidence
