// Exit statuses of all six tools: one table, never renumbered, in every man page.
#pragma once

#include "base/error.h"
#include "base/finding.h"

namespace evidence::cli {

enum class ExitCode : int {
    done = 0,  // and everything that was asked for holds
    no = 1,    // the answer is no
    usage = 2,
    environment = 3,  // input/output or environment failure
    malformed = 4,    // malformed input
    key = 5,          // key, certificate or trust material unusable
    incomplete = 6,   // intact, but not everything could be established
    bug = 70,
    interrupted = 130,
};

ExitCode exit_code_for(ErrorKind kind);
ExitCode exit_code_for(Verdict verdict);

}  // namespace evidence::cli
