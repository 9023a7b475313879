// What an object was announced to be, by whoever sent it or measured it before: its size, its
// SHA-256. A pipe that broke looks like one that ended; only this tells them apart.
//
// Thread rule: plain functions and values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "acquisition/source.h"
#include "base/error.h"
#include "base/json.h"

namespace evidence {

enum class OnMismatch {
    fail,  // nothing appears under the final name
    keep,  // the item says so in its record
};

struct Expectation {
    std::optional<std::uint64_t> size_bytes;
    std::string sha256;  // 64 lower-case hex digits; empty: none
    OnMismatch on_mismatch = OnMismatch::fail;

    bool empty() const { return !size_bytes && sha256.empty(); }
};

// Before anything else. Error(usage) for a digest that is none.
void check_expectation_form(const Expectation& expected);

// Before reading. Error(usage) when it cannot be met by this kind of source; Error(io) when the
// source is known to have another size.
void check_expectation(const Expectation& expected, const Source& source);

// While reading: Error(io) as soon as there is more than expected, unless that is kept.
void check_not_longer(const Expectation& expected, std::uint64_t read_bytes, const Source& source);

// What was expected and found otherwise, in words; empty when nothing was.
std::string mismatch(const Expectation& expected, std::uint64_t size_bytes,
                     const std::string& sha256);

// {"met":false,"sha256":"..","size_bytes":n}
Json to_json(const Expectation& expected, bool is_met);

// The failure that a mismatch is, with what can be done about it.
Error unexpected_object(const Source& source, const std::string& mismatch);

}  // namespace evidence
