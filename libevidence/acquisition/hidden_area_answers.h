// What disks answer when they are asked how large they really are, and what follows from it: ATA
// host protected areas and device configuration overlays (ATA/ATAPI-7 6.11 and 6.18; ACS-3 for the
// accessible maximum address), NVMe capacity outside of the namespace (NVM Express Base 1.4, 5.15).
//
// The answers come from a device that is evidence: nothing in them is believed beyond its own
// bounds.
//
// Thread rule: plain functions and values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace evidence {

enum class HiddenAreas { none, found, unknown };

struct HiddenAreaFacts {
    HiddenAreas result = HiddenAreas::unknown;
    std::string detail;  // with the range that cannot be reached, in logical sectors
};

// IDENTIFY DEVICE, 512 bytes. nullopt where the device does not say, or is no ATA disk.
std::optional<std::uint64_t> accessible_sectors(ByteView identify);
bool has_overlay_feature(ByteView identify);          // device configuration overlay
bool has_maximum_address_feature(ByteView identify);  // ACS-3 accessible max address configuration

// The sense data of an ATA command that asked for its registers back: the address in them, plus
// one. nullopt when the command was aborted or the registers are not there in full.
std::optional<std::uint64_t> sectors_from_sense(ByteView sense);

// DEVICE CONFIGURATION IDENTIFY, 512 bytes: how many sectors the disk was made with. nullopt when
// its signature or sum is wrong.
std::optional<std::uint64_t> configured_sectors(ByteView overlay);

struct AtaAnswers {
    std::optional<std::uint64_t> accessible, native, configured;
    bool has_overlay = false;
    std::uint64_t seen_by_system = 0;  // 0: not compared, as for a partition
};
HiddenAreaFacts judge_ata(const AtaAnswers& answers);

struct NvmeAnswers {
    std::uint64_t namespace_blocks = 0;             // NSZE
    std::uint64_t block_bytes = 0;                  // of the format in use; 0: not understood
    std::uint64_t total_bytes = 0, free_bytes = 0;  // TNVMCAP, UNVMCAP; 0: not said
    std::uint64_t seen_by_system = 0;               // bytes; 0: not compared
};
// IDENTIFY of the namespace and of the controller, 4096 bytes each; nullopt for shorter ones.
std::optional<NvmeAnswers> nvme_answers(ByteView identify_namespace, ByteView identify_controller);
HiddenAreaFacts judge_nvme(const NvmeAnswers& answers);

}  // namespace evidence
