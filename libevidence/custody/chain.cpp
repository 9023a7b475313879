#include "custody/chain.h"

#include <algorithm>
#include <set>

namespace evidence {
namespace {

constexpr std::uint8_t event_digest_prefix = 0x10;
constexpr std::uint8_t link_prefix = 0x11;
constexpr std::size_t tag_count_multiple = 8;

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Sha256 hash_pair(std::uint8_t prefix, const Sha256& left, const Sha256& right) {
    std::array<std::uint8_t, 1 + 2 * sizeof(Sha256)> message{};
    message[0] = prefix;
    std::copy(left.begin(), left.end(), message.begin() + 1);
    std::copy(right.begin(), right.end(), message.begin() + 1 + sizeof(Sha256));
    return sha256(ByteView(message));
}

}  // namespace

Tag relevance_tag(const ItemKey& item_key, std::string_view ledger_id, std::uint64_t seq) {
    Bytes message;
    append(message, as_bytes("evidence-tag/1\n"));
    append(message, item_key);
    append(message, as_bytes(ledger_id));
    for (int shift = 56; shift >= 0; shift -= 8) {
        message.push_back(static_cast<std::uint8_t>(seq >> shift));
    }
    const Sha256 digest = sha256(ByteView(message));
    Tag tag{};
    std::copy_n(digest.begin(), tag.size(), tag.begin());
    return tag;
}

std::size_t tag_count_for(std::size_t item_count) {
    const std::size_t groups = (item_count + tag_count_multiple - 1) / tag_count_multiple;
    return std::max<std::size_t>(groups, 1) * tag_count_multiple;
}

Bytes make_tags(const std::vector<ItemKey>& item_keys, std::string_view ledger_id,
                std::uint64_t seq, RandomSource& random) {
    std::set<Tag> tags;
    for (const ItemKey& key : item_keys) tags.insert(relevance_tag(key, ledger_id, seq));
    const std::size_t count = tag_count_for(item_keys.size());
    while (tags.size() < count) {
        Tag filler{};
        random.fill(filler);
        tags.insert(filler);
    }
    Bytes list;
    list.reserve(count * tag_bytes);
    for (const Tag& tag : tags) append(list, tag);
    return list;
}

bool is_tag_list(ByteView tags) {
    if (tags.empty() || tags.size() % (tag_count_multiple * tag_bytes) != 0) return false;
    for (std::size_t i = tag_bytes; i < tags.size(); i += tag_bytes) {
        const auto previous = tags.subspan(i - tag_bytes, tag_bytes);
        const auto current = tags.subspan(i, tag_bytes);
        if (!std::lexicographical_compare(previous.begin(), previous.end(), current.begin(),
                                          current.end())) {
            return false;
        }
    }
    return true;
}

bool has_tag(ByteView tags, const Tag& tag) {
    for (std::size_t i = 0; i + tag_bytes <= tags.size(); i += tag_bytes) {
        if (std::equal(tag.begin(), tag.end(), tags.begin() + static_cast<std::ptrdiff_t>(i))) {
            return true;
        }
    }
    return false;
}

Sha256 event_digest(ByteView tags, const Sha256& event_bytes_digest) {
    return hash_pair(event_digest_prefix, sha256(tags), event_bytes_digest);
}

Sha256 first_link(std::string_view ledger_id) {
    std::string message("evidence-ledger/1\n");
    return sha256(message.append(ledger_id));
}

Sha256 next_link(const Sha256& link, const Sha256& event_digest) {
    return hash_pair(link_prefix, link, event_digest);
}

}  // namespace evidence
