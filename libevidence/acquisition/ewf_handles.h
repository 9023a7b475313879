// Owning handles for libewf, and its errors as ours. Private to the room: no public header includes
// it.
//
// Thread rule: libewf keeps state of its own (localtime); use it from one thread at a time.
#pragma once

#include <libewf.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace evidence {

struct EwfHandleDeleter {
    void operator()(libewf_handle_t* handle) const { libewf_handle_free(&handle, nullptr); }
};
using EwfHandle = std::unique_ptr<libewf_handle_t, EwfHandleDeleter>;

// Throws std::bad_alloc. It has one file of its set open at a time, as a set may have more than a
// process may open.
EwfHandle make_ewf_handle();

// Receives the error of one call after the other: libewf_x(..., error.receive()).
class EwfError {
public:
    EwfError() = default;
    ~EwfError() { forget(); }
    EwfError(const EwfError&) = delete;
    EwfError& operator=(const EwfError&) = delete;

    libewf_error_t** receive();
    void forget();
    // Error(io): "<what>: <path> (<reason>)". The reason is errno's when the call has set it, else
    // what libewf says was wrong innermost.
    [[noreturn]] void raise_io(std::string_view what, std::string_view path, std::string hint = {});
    // Error(malformed), the same with the reason of libewf.
    [[noreturn]] void raise_malformed(std::string_view what, std::string_view path);

private:
    std::string take_reason();

    libewf_error_t* error_ = nullptr;
};

}  // namespace evidence
