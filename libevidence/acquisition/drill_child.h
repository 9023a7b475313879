// A process that a drill may limit or kill. Private to the drills.
//
// Thread rule: to be called while the process has no other threads.
#pragma once

#include <functional>

#include "base/context.h"

namespace evidence {

struct ChildEnd {
    int signal_number = 0;  // that ended it; 0: it ended by itself
    std::string answer;     // what it had to say, up to 4096 bytes
};

// Runs `work` in a child process; what it returns is the answer. Files may not grow beyond
// `largest_file_bytes` there, if given.
ChildEnd run_in_child(const std::function<std::string()>& work,
                      std::optional<std::uint64_t> largest_file_bytes, const Context& context);

// Runs `work` in a child process until it calls what it is given, from whatever thread; then kills
// it. The answer is empty when it was killed.
ChildEnd kill_in_the_middle(
    const std::function<std::string(const std::function<void()>& stop_here)>& work,
    const Context& context);

}  // namespace evidence
