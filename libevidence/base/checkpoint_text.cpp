#include "base/checkpoint_text.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/error.h"

namespace evidence {
namespace {

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

std::string format_checkpoint(const CheckpointText& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
           to_base64(checkpoint.hash) + "\n";
}

CheckpointText parse_checkpoint(std::string_view text, std::string_view where) {
    CheckpointText checkpoint;
    std::string_view rest = text;
    checkpoint.origin = take_line(rest);
    const std::string_view size = take_line(rest);
    std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
    const auto hash = from_base64(take_line(rest));
    if (!checkpoint.origin.empty() && hash && hash->size() == checkpoint.hash.size()) {
        std::copy(hash->begin(), hash->end(), checkpoint.hash.begin());
        // Writing it again settles every remaining question of spelling at once.
        if (format_checkpoint(checkpoint) == text) return checkpoint;
    }
    throw Error(ErrorKind::malformed, "not a checkpoint: " + std::string(where) +
                                          " (expected origin, size and base64 hash, a line each)");
}

}  // namespace evidence
