// The tools' side of Context: system clock, OpenSSL's random source, progress on the terminal,
// signals, TMPDIR.
#pragma once

#include <memory>

#include "base/context.h"
#include "cli/tool.h"

namespace evidence::cli {

// Installs handlers for SIGINT and SIGTERM (a second one kills at once) and ignores SIGPIPE.
class Environment {
public:
    explicit Environment(const CommonOptions& common);
    ~Environment();
    const Context& context() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// True once SIGINT or SIGTERM came, which Environment catches.
bool stop_is_requested();

// The value of an environment variable, empty when unset: the only way the tools read it.
std::string environment_variable(const char* name);

// Refuses to write binary data to a terminal: Error(usage).
void require_not_a_terminal(int fd, std::string_view what);

}  // namespace evidence::cli
