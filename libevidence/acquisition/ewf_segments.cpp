#include "acquisition/ewf_segments.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"

namespace evidence {
namespace {

std::string lower(std::string text) {
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return text;
}

fs::path segment_path(const fs::path& first, unsigned number) {
    std::string ending = ewf_segment_extension(number);
    if (first.extension() == ".e01") ending = lower(ending);
    return fs::path(first).replace_extension(ending);
}

[[noreturn]] void malformed(std::string_view what, const fs::path& path, std::string_view why) {
    throw Error(ErrorKind::malformed, std::string(what) + ": " + printable(path.native()) +
                                          " (expected " + std::string(why) + ")");
}

}  // namespace

std::string ewf_segment_extension(unsigned number) {
    if (number < 100) return fmt::format("E{:02}", number);
    const unsigned rest = number - 100;
    const auto letter = [](unsigned value) { return static_cast<char>('A' + value); };
    return {letter(4 + rest / 676), letter(rest / 26 % 26), letter(rest % 26)};
}

EwfSet find_ewf_set(const fs::path& first) {
    if (first.extension() != ".E01" && first.extension() != ".e01") {
        throw Error(ErrorKind::usage,
                    "not the first file of an E01 set: " + printable(first.native()) +
                        " (expected a name that ends in .E01)",
                    "name the first file; the others are found beside it");
    }
    EwfSet set;
    bool ended = false;
    for (unsigned number = 1; !ended; ++number) {
        if (number > max_ewf_segments) malformed("no end to this set", first, "a last file");
        const fs::path path = segment_path(first, number);
        if (number > 1 && !name_is_taken(path)) {
            malformed("segment file missing", path, "it, as the file before it is not the last");
        }
        const File file = File::open_regular(path);
        EwfSegmentFacts facts = examine_ewf_segment(file);
        if (facts.number != number) {
            malformed("segment file in a wrong place", path,
                      fmt::format("number {}, found {}", number, facts.number));
        }
        if (number == 1) {
            if (!facts.volume) malformed("segment file without its media data", path, "them");
            set.volume = *facts.volume;
            set.acquired_at = facts.acquired_at;
        }
        set.segments.push_back({path.filename().native(), file.size()});
        ended = facts.is_last;
    }
    const auto next = static_cast<unsigned>(set.segments.size() + 1);
    if (next <= max_ewf_segments && name_is_taken(segment_path(first, next))) {
        malformed("segment file behind the last of its set", segment_path(first, next), "none");
    }
    return set;
}

}  // namespace evidence
