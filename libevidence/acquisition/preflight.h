// What was looked at before the first byte of evidence was read; each check says pass, fail or
// unknown, and all of them go into the record. What does not apply to a source is absent.
#pragma once

#include <string>
#include <vector>

#include "acquisition/source.h"
#include "base/context.h"
#include "base/json.h"

namespace evidence {

enum class PreflightResult { pass, fail, unknown };

std::string_view name_of(PreflightResult result);

struct PreflightCheck {
    std::string check;   // "read-only"
    std::string detail;  // plain words, valid UTF-8
    PreflightResult result{};
};

struct PreflightRequest {
    fs::path destination;  // the folder that receives the item; exists
    bool require_read_only = false;
    std::optional<fs::path> second_destination = {};  // that of the second copy; exists
    std::uint64_t kept_bytes = 0;  // room that what is to be resumed takes already, in each
    std::optional<std::uint64_t> announced_bytes = {};  // of a stream
};

// Error(io) where going on could destroy evidence or must fail: the destination lies on the source
// disk or inside the source folder, or the source is writable although read-only was required.
std::vector<PreflightCheck> preflight(const Source& source, const PreflightRequest& request,
                                      const Context& context);

// The checks that are of this machine and not of a source: kernel, host, clock.
std::vector<PreflightCheck> machine_checks(const Context& context);

Json to_json(const std::vector<PreflightCheck>& checks);

// The failed checks in words, for people. That a file or folder lies on a writable file system is
// ordinary and stands in the record only.
std::vector<std::string> warnings_of(const std::vector<PreflightCheck>& checks,
                                     const Source& source);

}  // namespace evidence
