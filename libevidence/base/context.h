// What the library takes from outside instead of reaching for it: time, randomness, a place to
// report progress, the user's wish to stop, a folder for scratch files.
//
// Tests pass fixed ones and get the same bytes twice. The tools' own are in apps/cli.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/utc_time.h"

namespace evidence {

class Clock {
public:
    virtual ~Clock() = default;
    virtual UtcTime now() const = 0;
    virtual std::string zone() const = 0;    // local offset now, "+07:00"
    virtual std::string source() const = 0;  // what the clock is: "system", "ntp", "manual"
};

// Cryptographically strong outside tests. Thread rule: called from one thread at a time.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual void fill(MutableByteView bytes) = 0;
};

// Called from the thread that runs the operation, never from its workers.
class ProgressSink {
public:
    virtual ~ProgressSink() = default;
    // A new stretch of work: a plain verb phrase, and its size in bytes when known.
    virtual void start(std::string_view what, std::optional<std::uint64_t> total_bytes) = 0;
    virtual void advance(std::uint64_t bytes) = 0;
    // How many bytes of this stretch could not be read so far.
    virtual void unreadable(std::uint64_t) {}
    // Something that should not wait until the end to be known.
    virtual void warn(std::string_view) {}
    virtual void finish() = 0;
};

struct Context {
    Clock& clock;
    RandomSource& random;
    ProgressSink& progress;
    const std::atomic<bool>& interrupted;  // set by a signal handler
    std::filesystem::path scratch_folder;  // for unnamed spools and sort runs

    // Throws Error(interrupted) once the user has asked to stop.
    void check_interrupted() const;
};

// 16 random bytes as 32 hex digits: salts, nonces, item keys, ledger ids.
std::string random_hex_128(RandomSource& random);

// A random UUID (RFC 4122 version 4) in lower case: packages and transfers.
std::string random_uuid(RandomSource& random);
bool is_uuid(std::string_view text);

}  // namespace evidence
