#include "base/error.h"

#include <doctest/doctest.h>

#include <cerrno>

namespace evidence {

TEST_CASE("system errors become the kind their number means") {
    const std::pair<int, ErrorKind> cases[] = {{ENOENT, ErrorKind::not_found},
                                               {ENOTDIR, ErrorKind::not_found},
                                               {EEXIST, ErrorKind::exists},
                                               {EACCES, ErrorKind::io},
                                               {ENOSPC, ErrorKind::io}};
    for (const auto& [number, kind] : cases) {
        try {
            throw_system_error(number, "cannot open", "/x\ny");
        } catch (const Error& error) {
            CHECK(error.kind() == kind);
            CHECK(error.message().starts_with("cannot open: /x\ny ("));
        }
    }
}

TEST_CASE("an error keeps its message and its hint apart") {
    const Error error(ErrorKind::usage, "message", "hint");
    CHECK(std::string_view(error.what()) == "message");
    CHECK(error.hint() == "hint");
}

}  // namespace evidence
