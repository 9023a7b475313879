#include "acquisition/hard_links.h"

#include <cstring>

namespace evidence {
namespace {

constexpr std::size_t first_slots = 1024;
constexpr std::size_t max_slots = std::size_t{1} << 21;  // 16 MiB
constexpr unsigned offset_bits = 40;
constexpr std::uint64_t offset_mask = (std::uint64_t{1} << offset_bits) - 1;
constexpr std::size_t max_name_bytes = 64 * kib;

// A finalizer of the kind MurmurHash3 uses: every input bit reaches every output bit.
std::uint64_t hash_of(dev_t device, ino_t inode) {
    std::uint64_t value = static_cast<std::uint64_t>(inode) +
                          static_cast<std::uint64_t>(device) * 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdu;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53u;
    return value ^ (value >> 33);
}

std::size_t max_used(std::size_t slots) { return slots - slots / 8; }

}  // namespace

struct HardLinks::Spooled {
    std::uint64_t hash = 0, device = 0, inode = 0, name_bytes = 0;
};

std::optional<std::string> HardLinks::find(dev_t device, ino_t inode) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint64_t hash = hash_of(device, inode);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
        if (slots_[at] >> offset_bits != hash >> offset_bits) continue;
        const std::uint64_t offset = slots_[at] & offset_mask;
        const Spooled entry = spooled_at(offset);
        if (entry.device != device || entry.inode != inode) continue;
        std::string name(entry.name_bytes, '\0');
        spool_.read_exactly_at({reinterpret_cast<std::uint8_t*>(name.data()), name.size()},
                               offset + sizeof entry);
        return name;
    }
    return std::nullopt;
}

bool HardLinks::remember(dev_t device, ino_t inode, std::string_view name) {
    if (slots_.empty()) {
        spool_ = File::create_unnamed(scratch_folder_);
        slots_.resize(first_slots);
    }
    if (used_ == max_used(slots_.size()) && slots_.size() < max_slots) grow();
    if (used_ == max_used(slots_.size()) || name.size() > max_name_bytes ||
        spool_end_ + sizeof(Spooled) + name.size() > offset_mask) {
        return false;
    }
    const Spooled entry{hash_of(device, inode), device, inode, name.size()};
    std::string record(sizeof entry + name.size(), '\0');
    std::memcpy(record.data(), &entry, sizeof entry);
    std::memcpy(record.data() + sizeof entry, name.data(), name.size());
    spool_.write_at(as_bytes(record), spool_end_);
    slots_[free_slot(slots_, entry.hash)] = (entry.hash & ~offset_mask) | spool_end_;
    spool_end_ += record.size();
    ++used_;
    return true;
}

HardLinks::Spooled HardLinks::spooled_at(std::uint64_t offset) const {
    Spooled entry;
    spool_.read_exactly_at({reinterpret_cast<std::uint8_t*>(&entry), sizeof entry}, offset);
    return entry;
}

std::size_t HardLinks::free_slot(const std::vector<std::uint64_t>& slots,
                                 std::uint64_t hash) const {
    std::size_t at = hash & (slots.size() - 1);
    while (slots[at] != 0) at = (at + 1) & (slots.size() - 1);
    return at;
}

void HardLinks::grow() {
    std::vector<std::uint64_t> larger(slots_.size() * 2);
    for (std::uint64_t slot : slots_) {
        if (slot == 0) continue;
        larger[free_slot(larger, spooled_at(slot & offset_mask).hash)] = slot;
    }
    slots_ = std::move(larger);
}

}  // namespace evidence
