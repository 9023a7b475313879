#include "verification/ewf_content.h"

#include <list>

#include "base/broadcast.h"
#include "digest/digest_groups.h"

namespace evidence {

std::string ewf_difference(std::vector<EwfExtent> segments, const RecordedContent& recorded,
                           const Context& context) {
    EwfMediumReader reader(std::move(segments));
    if (reader.media_bytes() != recorded.size_bytes) {
        return "the image holds " + std::to_string(reader.media_bytes()) +
               " bytes of content, recorded are " + std::to_string(recorded.size_bytes);
    }
    std::vector<Algorithm> algorithms;
    for (const auto& [algorithm, value] : recorded.digests) algorithms.push_back(algorithm);
    std::list<MultiHasher> hashers;
    std::vector<BroadcastConsumer> consumers;
    for (const auto& together : digest_groups(algorithms)) {
        MultiHasher& hasher = hashers.emplace_back(together);
        consumers.push_back([&hasher](ByteView bytes, std::uint64_t) { hasher.update(bytes); });
    }
    broadcast(
        [&](MutableByteView buffer) {
            context.check_interrupted();
            return reader.read(buffer);
        },
        std::move(consumers));
    DigestSet found;
    for (MultiHasher& hasher : hashers) found.merge(hasher.finish());
    if (found == recorded.digests) return {};
    return "the content of the image is not what was recorded about it";
}

}  // namespace evidence
