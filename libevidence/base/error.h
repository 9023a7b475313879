// Failures of the library, one exception type for all of them.
//
// An *answer* ("these bytes differ", "this signature is not trusted") is a value, see finding.h.
// A *failure* ("cannot read", "this is not JSON", "no such key") is an Error: it is thrown where it
// is noticed and caught once, in the shared run() of the command-line tools.
//
// Thread rule: an Error is an ordinary value, safe to move between threads through exception_ptr.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace evidence {

// Each kind maps to one exit status of the tools (apps/cli/exit_code.h).
enum class ErrorKind {
    usage,        // the caller asked for something that makes no sense           (2)
    not_found,    // a file, case or item is not there                            (3)
    exists,       // a target is there already; nothing is ever overwritten       (3)
    io,           // the operating system refused or failed                       (3)
    malformed,    // input that is not what its format says                       (4)
    unsupported,  // well-formed input this version cannot work with              (4)
    crypto,       // key, certificate or trust material unusable                  (5)
    refused,      // the answer is no: bytes, digests or statements do not agree  (1)
    interrupted,  // the user asked to stop                                       (130)
};

class Error : public std::exception {
public:
    // `message` is lower case, has no final period, quotes the path or entry and says in
    // parentheses what was expected: "cannot open: /x/y (No such file or directory)".
    // `hint` is what the user can do about it; empty when no cure is known.
    Error(ErrorKind kind, std::string message, std::string hint = {});

    ErrorKind kind() const noexcept { return kind_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& hint() const noexcept { return hint_; }
    const char* what() const noexcept override { return message_.c_str(); }

private:
    ErrorKind kind_;
    std::string message_;
    std::string hint_;
};

// Throws an Error of kind io (not_found for ENOENT, exists for EEXIST) made from errno:
// "<what>: <path> (<strerror>)". Call it directly after the failing system call.
[[noreturn]] void throw_errno(std::string_view what, std::string_view path);

// The same with the error number given, for calls that return it.
[[noreturn]] void throw_system_error(int error_number, std::string_view what,
                                     std::string_view path);

}  // namespace evidence
