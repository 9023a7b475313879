// Something of a transfer that is not as its statements say: a finding for who verifies, a refusal
// for who acts on it.
#pragma once

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/finding.h"

namespace evidence {

struct TransferFault {
    std::string code;     // "transfer.part-missing"
    std::string message;  // "part missing"
    fs::path where;
    std::string expected;  // "expected 3 parts"
    Layer layer = Layer::content;

    Error error() const {
        return {ErrorKind::refused, message + ": " + where.native() + " (" + expected + ")"};
    }
    Finding finding() const {
        return {code, layer, Weight::failed, message + " (" + expected + ")",
                where.filename().native()};
    }
};

}  // namespace evidence
