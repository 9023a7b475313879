#include "cli/exit_code.h"

namespace evidence::cli {

ExitCode exit_code_for(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::usage:
            return ExitCode::usage;
        case ErrorKind::not_found:
        case ErrorKind::exists:
        case ErrorKind::io:
            return ExitCode::environment;
        case ErrorKind::malformed:
        case ErrorKind::unsupported:
            return ExitCode::malformed;
        case ErrorKind::crypto:
            return ExitCode::key;
        case ErrorKind::refused:
            return ExitCode::no;
        case ErrorKind::interrupted:
            return ExitCode::interrupted;
    }
    return ExitCode::bug;
}

ExitCode exit_code_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::total_passed:
            return ExitCode::done;
        case Verdict::indeterminate:
            return ExitCode::incomplete;
        case Verdict::total_failed:
            return ExitCode::no;
    }
    return ExitCode::bug;
}

}  // namespace evidence::cli
