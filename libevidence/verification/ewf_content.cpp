#include "verification/ewf_content.h"

#include "base/broadcast.h"
#include "digest/parallel_digests.h"

namespace evidence {

bool is_known_damage(const Error& error, bool has_map, bool was_taken_in) {
    return (has_map && was_taken_in) || error.kind() == ErrorKind::unsupported;
}

std::string ewf_difference(std::vector<EwfExtent> segments, const RecordedContent& recorded,
                           const Context& context) {
    EwfMediumReader reader(std::move(segments));
    if (reader.media_bytes() != recorded.size_bytes) {
        return "the image holds " + std::to_string(reader.media_bytes()) +
               " bytes of content, recorded are " + std::to_string(recorded.size_bytes);
    }
    std::vector<Algorithm> algorithms;
    for (const auto& [algorithm, value] : recorded.digests) algorithms.push_back(algorithm);
    ParallelDigests digests(algorithms);
    broadcast(
        [&](MutableByteView buffer) {
            context.check_interrupted();
            return reader.read(buffer);
        },
        digests.consumers());
    if (digests.finish() == recorded.digests) return {};
    return "the content of the image is not what was recorded about it";
}

}  // namespace evidence
