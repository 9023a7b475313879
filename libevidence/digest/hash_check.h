// A hash list checked against the files it names.
//
// Stricter than sha256sum -c in one thing: a line that is no checksum line counts against the list,
// because the file it meant was not checked.
//
// Thread rule: one thread; the sinks are called on it, in the order of the list.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/context.h"
#include "digest/list_reader.h"

namespace evidence {

enum class CheckResult { matches, differs, missing, unreadable };
std::string_view name_of(CheckResult result);  // "matches"

// Views are valid during the sink's call only.
struct CheckedFile {
    std::string_view name;
    Algorithm algorithm;
    CheckResult result;
    std::string_view expected_hex;
    std::string found_hex;  // empty when nothing was read
    std::string problem;    // why it is missing or unreadable, or that its size is another
};

struct HashCheckSummary {
    std::uint64_t matching = 0, differing = 0, missing = 0, unreadable = 0;
    std::uint64_t improper_lines = 0;
    std::uint64_t proper_lines() const { return matching + differing + missing + unreadable; }
};

struct HashCheckSinks {
    std::function<void(const CheckedFile& file)> file;
    std::function<void(std::string_view line_number, std::string_view expected)> improper_line;
};

struct HashChecking {
    unsigned threads = 1;
    bool list_is_stdin = false;  // so that "-" in it is nothing to read
};

// Names are taken as paths from the working folder; "-" is standard input. A file with several
// digests is read once and answered for each of them; where the list has its size and that is not
// so, it differs in all of them. Error(malformed) when a line is longer than
// hash_list_max_line_bytes.
HashCheckSummary check_hash_list(const Context& context, ListReader& list,
                                 const HashChecking& checking, const HashCheckSinks& sinks);

}  // namespace evidence
