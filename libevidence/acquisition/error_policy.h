// What is done about a source that cannot be read everywhere (evidence-acquire(1), "Bad sectors").
#pragma once

#include <chrono>
#include <optional>

namespace evidence {

enum class OnError {
    stop,  // at the first sector that stays unreadable
    fill,  // put zeros in its place, and go on
};

inline constexpr unsigned max_retries = 1000;

struct ErrorPolicy {
    OnError on_error = OnError::stop;
    unsigned retries = 1;  // of one sector, after its first failure
    bool reverse = false;  // and once more, from the end of an unreadable stretch to its start
    std::optional<std::chrono::milliseconds>
        read_timeout;  // of one read; else it may take for ever
};

}  // namespace evidence
