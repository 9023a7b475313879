// Text on standard error. What was done does not depend on anybody reading about it: a terminal
// that went away, a closed pipe or a full disk behind standard error is ignored, never thrown.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace evidence::cli {

// In one piece, so that lines of tools that share a terminal stay whole.
void write_diagnostics(fmt::string_view format, fmt::format_args arguments) noexcept;

template <typename... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
    write_diagnostics(format, fmt::make_format_args(arguments...));
}

// Call first in main. A closed standard descriptor would be taken by the next file opened, and
// messages would end up in evidence: it gets a place of its own, one that refuses to be read
// (input) or written (output). Writing to a closed pipe becomes an error instead of a signal.
void guard_standard_streams();

}  // namespace evidence::cli
