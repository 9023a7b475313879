#include "acquisition/hidden_area_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace evidence {
namespace {

constexpr std::size_t ata_answer_bytes = 512, nvme_answer_bytes = 4096;
constexpr std::uint64_t most_sectors = std::uint64_t{1} << 48;  // of ATA addresses

std::uint64_t little_endian(ByteView bytes, std::size_t offset, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) value = value << 8 | bytes[offset + i - 1];
    return value;
}

unsigned word(ByteView identify, std::size_t index) {
    return static_cast<unsigned>(little_endian(identify, 2 * index, 2));
}

// Words that tell about features are meant when their two highest bits say 01.
bool is_valid(unsigned feature_word) { return (feature_word & 0xC000u) == 0x4000u; }

bool is_ata_disk(ByteView identify) {
    return identify.size() == ata_answer_bytes && (word(identify, 0) & 0x8000u) == 0;
}

std::string range(std::uint64_t first, std::uint64_t end) {
    return fmt::format("sectors {} to {} cannot be reached", first, end - 1);
}

void add(std::string& text, const std::string& part) { text += (text.empty() ? "" : "; ") + part; }

std::string sizes_text(const AtaAnswers& answers) {
    std::string text = fmt::format("accessible {} sectors", *answers.accessible);
    text += answers.native ? fmt::format(", native {}", *answers.native)
                           : std::string(", native not said");
    if (answers.configured) return text + fmt::format(", as made {}", *answers.configured);
    return text + (answers.has_overlay ? ", as made not said" : "");
}

}  // namespace

std::optional<std::uint64_t> accessible_sectors(ByteView identify) {
    if (!is_ata_disk(identify)) return std::nullopt;
    const bool has_48_bits = is_valid(word(identify, 83)) && (word(identify, 83) & 1u << 10) != 0;
    const std::uint64_t sectors =
        has_48_bits ? little_endian(identify, 200, 8) : little_endian(identify, 120, 4);
    if (sectors == 0 || sectors > most_sectors) return std::nullopt;
    return sectors;
}

bool has_overlay_feature(ByteView identify) {
    return is_ata_disk(identify) && is_valid(word(identify, 83)) &&
           (word(identify, 83) & 1u << 11) != 0;
}

bool has_maximum_address_feature(ByteView identify) {
    return is_ata_disk(identify) && is_valid(word(identify, 119)) &&
           (word(identify, 119) & 1u << 8) != 0;
}

std::optional<std::uint64_t> sectors_from_sense(ByteView sense) {
    constexpr std::size_t head_bytes = 8, descriptor_bytes = 14;
    constexpr std::uint8_t ata_status_return = 0x09;
    if (sense.size() < head_bytes || (sense[0] & 0x7Fu) < 0x72) return std::nullopt;
    const std::size_t end = std::min<std::size_t>(sense.size(), head_bytes + sense[7]);
    for (std::size_t at = head_bytes; at + 2 <= end; at += 2u + sense[at + 1]) {
        if (sense[at] != ata_status_return) continue;
        if (at + descriptor_bytes > end || sense[at + 1] != descriptor_bytes - 2) break;
        const ByteView registers = sense.subspan(at, descriptor_bytes);
        const unsigned status = registers[13];
        if ((status & 0x01u) != 0 || (status & 0x20u) != 0) break;  // aborted, device fault
        std::uint64_t address = 0;
        // Of a command with 28 bits the highest four are in the device register.
        const bool has_48_bits = (registers[2] & 0x01u) != 0;
        if (!has_48_bits) {
            address = registers[12] & 0x0Fu;
            for (const std::size_t index : {11u, 9u, 7u}) address = address << 8 | registers[index];
            return address + 1;
        }
        for (const std::size_t index : {10u, 8u, 6u, 11u, 9u, 7u}) {
            address = address << 8 | registers[index];
        }
        return address + 1;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> configured_sectors(ByteView overlay) {
    constexpr std::uint8_t signature = 0xA5;
    if (overlay.size() != ata_answer_bytes || overlay[510] != signature) return std::nullopt;
    const unsigned sum = std::accumulate(overlay.begin(), overlay.end(), 0u);
    if ((sum & 0xFFu) != 0) return std::nullopt;
    const std::uint64_t address = little_endian(overlay, 6, 8);
    if (address == 0 || address >= most_sectors) return std::nullopt;
    return address + 1;
}

HiddenAreaFacts judge_ata(const AtaAnswers& answers) {
    if (!answers.accessible) return {HiddenAreas::unknown, "the disk does not say its size"};
    const auto is_less = [&](const std::optional<std::uint64_t>& sectors) {
        return sectors && *sectors < *answers.accessible;
    };
    if (is_less(answers.native) || is_less(answers.configured)) {
        return {HiddenAreas::unknown, "the answers of the disk contradict each other"};
    }
    std::string found;
    std::uint64_t reached = *answers.accessible;
    if (answers.seen_by_system > 0 && answers.seen_by_system < reached) {
        add(found,
            "not passed on by the system or an adapter: " + range(answers.seen_by_system, reached));
    }
    if (answers.native && *answers.native > reached) {
        add(found, "host protected area: " + range(reached, *answers.native));
        reached = *answers.native;
    }
    if (answers.configured && *answers.configured > reached) {
        add(found, "device configuration overlay: " + range(reached, *answers.configured));
    }
    const std::string sizes = sizes_text(answers);
    if (!found.empty()) return {HiddenAreas::found, found + " (" + sizes + ")"};
    const bool all_said = answers.native && (answers.configured || !answers.has_overlay);
    return {all_said ? HiddenAreas::none : HiddenAreas::unknown, sizes};
}

std::optional<NvmeAnswers> nvme_answers(ByteView identify_namespace, ByteView identify_controller) {
    if (identify_namespace.size() != nvme_answer_bytes ||
        identify_controller.size() != nvme_answer_bytes) {
        return std::nullopt;
    }
    NvmeAnswers answers;
    answers.namespace_blocks = little_endian(identify_namespace, 0, 8);
    const std::size_t formats = std::size_t{identify_namespace[25]} + 1;
    const std::size_t format = identify_namespace[26] & 0x0Fu;  // of the first sixteen
    if (format < formats && (identify_namespace[26] & 0x60u) == 0) {
        const unsigned exponent = identify_namespace[128 + 4 * format + 2];
        if (exponent >= 9 && exponent <= 16) answers.block_bytes = std::uint64_t{1} << exponent;
    }
    // 128 bits; no device has more than 64 of them.
    if (little_endian(identify_controller, 288, 8) != 0 ||
        little_endian(identify_controller, 304, 8) != 0) {
        return std::nullopt;
    }
    answers.total_bytes = little_endian(identify_controller, 280, 8);
    answers.free_bytes = little_endian(identify_controller, 296, 8);
    return answers;
}

HiddenAreaFacts judge_nvme(const NvmeAnswers& answers) {
    if (answers.namespace_blocks == 0 || answers.block_bytes == 0 ||
        answers.namespace_blocks > UINT64_MAX / answers.block_bytes) {
        return {HiddenAreas::unknown, "the namespace does not say its size"};
    }
    const std::uint64_t size = answers.namespace_blocks * answers.block_bytes;
    std::string text = fmt::format("namespace of {} bytes", size);
    if (answers.seen_by_system > 0 && answers.seen_by_system < size) {
        return {HiddenAreas::found, text + fmt::format("; the system shows the first {} of them",
                                                       answers.seen_by_system)};
    }
    if (answers.total_bytes == 0) {
        return {HiddenAreas::unknown, text + "; the controller does not say what it has in all"};
    }
    text += fmt::format(", controller has {} in all, {} in no namespace", answers.total_bytes,
                        answers.free_bytes);
    // A namespace takes room in large units, so that a little more than its size is taken.
    constexpr std::uint64_t largest_unit = 16 * gib;
    const bool is_all = answers.free_bytes == 0 && answers.total_bytes >= size &&
                        answers.total_bytes - size < largest_unit;
    return {is_all ? HiddenAreas::none : HiddenAreas::found,
            is_all ? text : text + "; what lies outside of this namespace cannot be reached by it"};
}

}  // namespace evidence
