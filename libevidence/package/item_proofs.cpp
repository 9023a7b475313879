#include "package/item_proofs.h"

#include <algorithm>
#include <memory>

#include "digest/merkle_tree.h"
#include "digest/sha256_lanes.h"

namespace evidence {
namespace {

constexpr std::size_t records_at_once = 256;            // hashed side by side
constexpr std::size_t records_bytes_at_once = 4 * mib;  // or fewer, when they are long
constexpr std::size_t nodes_at_once = 8 * 1024;         // read or written of a level
constexpr std::uint64_t held_nodes = 16 * 1024;         // a level up to this size stays in memory
constexpr std::uint64_t leaves_per_fence = 256;
constexpr std::size_t node_message_bytes = 65;

// Whatever stands beside the way up, level by level.
class Way {
public:
    Way(std::uint64_t index, std::uint64_t size) : index_(index), last_(size - 1) {}

    bool is_at_root() const { return last_ == 0; }
    bool has_left() const { return index_ % 2 == 1; }
    bool has_right() const { return !has_left() && index_ < last_; }
    bool has_neighbour() const { return has_left() || has_right(); }
    std::uint64_t neighbour() const { return has_left() ? index_ - 1 : index_ + 1; }
    void go_up() {
        index_ /= 2;
        last_ /= 2;
    }

private:
    std::uint64_t index_, last_;
};

// One level of the tree: nodes [first, first + size) of the file, in memory too when they are few.
struct Level {
    std::uint64_t first = 0, size = 0;
    std::vector<Sha256> held;
};

MutableByteView bytes_of(std::span<Sha256> nodes) {
    return {reinterpret_cast<std::uint8_t*>(nodes.data()), nodes.size() * sizeof(Sha256)};
}

// parents[i] = node(children[2 i], children[2 i + 1]); an odd last child goes up as it is.
void hash_parents(std::span<const Sha256> children, std::vector<Sha256>& parents, Bytes& buffer) {
    const std::size_t pairs = children.size() / 2;
    parents.resize(pairs + children.size() % 2);
    buffer.resize(pairs * node_message_bytes);
    std::vector<ByteView> messages(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
        std::uint8_t* message = buffer.data() + i * node_message_bytes;
        *message = 0x01;
        std::copy(children[2 * i].begin(), children[2 * i].end(), message + 1);
        std::copy(children[2 * i + 1].begin(), children[2 * i + 1].end(), message + 33);
        messages[i] = {message, node_message_bytes};
    }
    sha256_many(messages, std::span(parents).first(pairs));
    if (children.size() % 2 == 1) parents.back() = children.back();
}

}  // namespace

std::size_t path_length(std::uint64_t index, std::uint64_t size) {
    std::size_t length = 0;
    for (Way way(index, size); !way.is_at_root(); way.go_up()) {
        if (way.has_neighbour()) ++length;
    }
    return length;
}

std::optional<Sha256> root_of_path(const Sha256& leaf, std::uint64_t index, std::uint64_t size,
                                   std::span<const Sha256> path) {
    if (index >= size || path.size() != path_length(index, size)) return std::nullopt;
    Sha256 hash = leaf;
    std::size_t used = 0;
    for (Way way(index, size); !way.is_at_root(); way.go_up()) {
        if (way.has_left()) {
            hash = merkle_node(path[used++], hash);
        } else if (way.has_right()) {
            hash = merkle_node(hash, path[used++]);
        }
    }
    return hash;
}

struct ItemProofs::State {
    explicit State(fs::path scratch_folder)
        : leaves(scratch_folder), nodes(File::create_unnamed(scratch_folder)) {}

    SortedLeaves leaves;
    std::string waiting;            // messages of leaves that are not hashed yet, one by one
    std::vector<std::size_t> ends;  // of each in `waiting`
    File nodes;                     // all levels, one after the other, leaves first
    std::uint64_t written = 0;      // nodes
    std::vector<Level> levels;      // the root is the last
    std::vector<Sha256> fences;     // every 256th leaf
    std::vector<Sha256> window;     // on their way into the file

    void hash_waiting();
    void put(const Sha256& node);
    void flush();
    void write_leaves();
    void write_level_above();
    void read(std::uint64_t first, std::span<Sha256> into) const {
        nodes.read_exactly_at(bytes_of(into), first * sizeof(Sha256));
    }
    Sha256 node(const Level& level, std::uint64_t index) const;
    std::optional<std::uint64_t> index_of(const Sha256& leaf) const;
};

void ItemProofs::State::hash_waiting() {
    std::vector<ByteView> messages;
    std::size_t start = 0;
    for (const std::size_t end : ends) {
        messages.push_back(as_bytes(std::string_view(waiting).substr(start, end - start)));
        start = end;
    }
    std::vector<Sha256> hashes(messages.size());
    sha256_many(messages, hashes);
    for (const Sha256& hash : hashes) leaves.add(hash);
    waiting.clear();
    ends.clear();
}

void ItemProofs::State::put(const Sha256& node) {
    Level& level = levels.back();
    if (level.size < held_nodes) level.held.push_back(node);
    ++level.size;
    window.push_back(node);
    if (window.size() == nodes_at_once) flush();
}

void ItemProofs::State::flush() {
    nodes.write(bytes_of(window));
    written += window.size();
    window.clear();
}

void ItemProofs::State::write_leaves() {
    levels.push_back({});
    leaves.visit([this](const Sha256& leaf) {
        if (levels.back().size % leaves_per_fence == 0) fences.push_back(leaf);
        put(leaf);
    });
    flush();
}

void ItemProofs::State::write_level_above() {
    Level below = std::move(levels.back());
    if (below.size > held_nodes) below.held = {};
    levels.back() = below;
    levels.push_back({written, 0, {}});
    std::vector<Sha256> children, parents;
    Bytes buffer;
    for (std::uint64_t done = 0; done < below.size; done += children.size()) {
        children.resize(std::min<std::uint64_t>(nodes_at_once, below.size - done));
        read(below.first + done, children);
        hash_parents(children, parents, buffer);
        for (const Sha256& parent : parents) put(parent);
    }
    flush();
}

Sha256 ItemProofs::State::node(const Level& level, std::uint64_t index) const {
    if (!level.held.empty()) return level.held[index];
    Sha256 found;
    read(level.first + index, {&found, 1});
    return found;
}

std::optional<std::uint64_t> ItemProofs::State::index_of(const Sha256& leaf) const {
    const auto behind = std::upper_bound(fences.begin(), fences.end(), leaf);
    if (behind == fences.begin()) return std::nullopt;
    const std::uint64_t first =
        static_cast<std::uint64_t>(behind - fences.begin() - 1) * leaves_per_fence;
    std::vector<Sha256> block(std::min(leaves_per_fence, levels.front().size - first));
    read(first, block);
    const auto found = std::lower_bound(block.begin(), block.end(), leaf);
    if (found == block.end() || *found != leaf) return std::nullopt;
    return first + static_cast<std::uint64_t>(found - block.begin());
}

ItemProofs::ItemProofs(fs::path scratch_folder)
    : state_(std::make_unique<State>(std::move(scratch_folder))) {}

ItemProofs::~ItemProofs() = default;
ItemProofs::ItemProofs(ItemProofs&&) noexcept = default;

void ItemProofs::add(std::string_view record_bytes) {
    state_->waiting += '\0';  // the prefix of a leaf
    state_->waiting += record_bytes;
    state_->ends.push_back(state_->waiting.size());
    if (state_->ends.size() == records_at_once || state_->waiting.size() > records_bytes_at_once) {
        state_->hash_waiting();
    }
}

void ItemProofs::finish() {
    state_->hash_waiting();
    state_->write_leaves();
    while (state_->levels.back().size > 1) state_->write_level_above();
    if (state_->levels.back().size == 0) {
        state_->levels.back().held.push_back(sha256(ByteView{}));  // the root of no leaves
    }
}

std::uint64_t ItemProofs::size() const { return state_->levels.front().size; }

const Sha256& ItemProofs::root() const { return state_->levels.back().held.front(); }

std::optional<ItemProof> ItemProofs::proof_of(const Sha256& leaf) const {
    const std::optional<std::uint64_t> index = state_->index_of(leaf);
    if (!index) return std::nullopt;
    ItemProof proof{*index, {}};
    Way way(*index, size());
    for (const Level& level : state_->levels) {
        if (way.is_at_root()) break;
        if (way.has_neighbour()) proof.path.push_back(state_->node(level, way.neighbour()));
        way.go_up();
    }
    return proof;
}

}  // namespace evidence
