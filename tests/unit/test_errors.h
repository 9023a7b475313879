// Which kind of Error an action ends with.
#pragma once

#include <optional>

#include "base/error.h"

namespace evidence::test {

// nullopt when the action succeeds.
inline std::optional<ErrorKind> kind_of_error(const auto& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    return std::nullopt;
}

}  // namespace evidence::test
