#include "acquisition/hidden_area_answers.h"

#include <doctest/doctest.h>

#include <numeric>

using namespace evidence;

namespace {

void put(Bytes& bytes, std::size_t offset, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

// As a disk of 1 TB answers; word 83 has 48-bit addresses, and the overlay when asked for.
Bytes identify(std::uint64_t sectors, unsigned word_83 = 0x4400, unsigned word_119 = 0x4000) {
    Bytes bytes(512);
    put(bytes, 0, 0x0040, 2);
    put(bytes, 120, 0x0FFFFFFF, 4);
    put(bytes, 166, word_83, 2);
    put(bytes, 200, sectors, 8);
    put(bytes, 238, word_119, 2);
    return bytes;
}

// Descriptor sense data with the registers that READ NATIVE MAX ADDRESS EXT gave back, the address
// in them spread as the registers are.
const Bytes sense = {0x72, 0x01, 0x00, 0x1D, 0x00, 0x00, 0x00, 0x0E, 0x09, 0x0C, 0x01,
                     0x00, 0x00, 0x00, 0x74, 0xAF, 0x02, 0x6D, 0x01, 0x70, 0x40, 0x50};

Bytes overlay(std::uint64_t last_sector) {
    Bytes bytes(512);
    put(bytes, 0, 0x0002, 2);
    put(bytes, 6, last_sector, 8);
    bytes[510] = 0xA5;
    const unsigned sum = std::accumulate(bytes.begin(), bytes.end(), 0u);
    bytes[511] = static_cast<std::uint8_t>(256 - (sum & 0xFF));
    return bytes;
}

Bytes identify_namespace(std::uint64_t blocks, unsigned exponent, std::uint8_t format = 0) {
    Bytes bytes(4096);
    put(bytes, 0, blocks, 8);
    bytes[25] = 1;  // two formats
    bytes[26] = format;
    bytes[128 + 4 * format + 2] = static_cast<std::uint8_t>(exponent);
    return bytes;
}

Bytes identify_controller(std::uint64_t total, std::uint64_t unallocated) {
    Bytes bytes(4096);
    put(bytes, 280, total, 8);
    put(bytes, 296, unallocated, 8);
    return bytes;
}

}  // namespace

TEST_CASE("a disk says how many sectors can be accessed") {
    CHECK(accessible_sectors(identify(1953525168)) == 1953525168u);
    CHECK(accessible_sectors(identify(1953525168, 0x4000)) == 0x0FFFFFFFu);  // 28-bit addresses
    CHECK(accessible_sectors(identify(1953525168, 0x0400)) == 0x0FFFFFFFu);  // word not valid
    CHECK_FALSE(accessible_sectors(identify(0)));
    CHECK_FALSE(accessible_sectors(identify(UINT64_MAX)));
    CHECK_FALSE(accessible_sectors(Bytes(511)));
    Bytes packet_device = identify(1953525168);
    packet_device[1] = 0x85;
    CHECK_FALSE(accessible_sectors(packet_device));
    CHECK(has_overlay_feature(identify(1, 0x4C00)));
    CHECK_FALSE(has_overlay_feature(identify(1, 0x4400)));
    CHECK(has_maximum_address_feature(identify(1, 0x4400, 0x4100)));
    CHECK_FALSE(has_maximum_address_feature(identify(1, 0x4400, 0x0100)));
}

TEST_CASE("the native size comes from the registers in the sense data") {
    CHECK(sectors_from_sense(sense) == 0x010274706DB0ull);
}

TEST_CASE("sense data that says nothing, or is cut, gives no size") {
    for (std::size_t size = 0; size < sense.size(); ++size) {
        CHECK_FALSE(sectors_from_sense(ByteView(sense).first(size)));
    }
    Bytes aborted = sense;
    aborted.back() = 0x51;
    CHECK_FALSE(sectors_from_sense(aborted));
    Bytes fixed = sense;
    fixed[0] = 0x70;
    CHECK_FALSE(sectors_from_sense(fixed));
    Bytes other = sense;
    other[8] = 0x00;
    CHECK_FALSE(sectors_from_sense(other));
    Bytes empty_descriptors(8 + 255);
    empty_descriptors[0] = 0x72;
    empty_descriptors[7] = 0xFF;
    CHECK_FALSE(sectors_from_sense(empty_descriptors));
}

TEST_CASE("the overlay says how large the disk was made, when its sum is right") {
    CHECK(configured_sectors(overlay(1953525167)) == 1953525168u);
    Bytes damaged = overlay(1953525167);
    damaged[7] ^= 1;
    CHECK_FALSE(configured_sectors(damaged));
    Bytes unsigned_answer = overlay(1953525167);
    unsigned_answer[510] = 0;
    unsigned_answer[511] = static_cast<std::uint8_t>(unsigned_answer[511] + 0xA5);
    CHECK_FALSE(configured_sectors(unsigned_answer));
    CHECK_FALSE(configured_sectors(Bytes(512)));
}

TEST_CASE("sectors that are native but not accessible are named by their range") {
    const HiddenAreaFacts none = judge_ata({1000, 1000, 1000, true, 1000});
    CHECK(none.result == HiddenAreas::none);
    CHECK(none.detail == "accessible 1000 sectors, native 1000, as made 1000");
    CHECK(judge_ata({1000, 1000, {}, false, 0}).result == HiddenAreas::none);

    const HiddenAreaFacts protected_area = judge_ata({1000, 1200, {}, false, 1000});
    CHECK(protected_area.result == HiddenAreas::found);
    CHECK(protected_area.detail ==
          "host protected area: sectors 1000 to 1199 cannot be reached (accessible 1000 sectors, "
          "native 1200)");
    const HiddenAreaFacts both = judge_ata({1000, 1200, 1500, true, 900});
    CHECK(both.detail ==
          "not passed on by the system or an adapter: sectors 900 to 999 cannot be reached; host "
          "protected area: sectors 1000 to 1199 cannot be reached; device configuration overlay: "
          "sectors 1200 to 1499 cannot be reached (accessible 1000 sectors, native 1200, as made "
          "1500)");
}

TEST_CASE("a disk that contradicts itself is unknown") {
    CHECK(judge_ata({1000, 1000, 800, true, 0}).result == HiddenAreas::unknown);
    CHECK(judge_ata({1000, 800, {}, false, 0}).result == HiddenAreas::unknown);
}

TEST_CASE("the highest bits of a 28-bit address are in the device register") {
    // READ NATIVE MAX ADDRESS of a disk of 78165360 sectors: the last is 4A8B6EFh.
    Bytes answer = sense;
    answer[10] = 0;  // not extended
    answer[14] = 0x00;
    answer[16] = 0x00;
    answer[18] = 0x00;
    answer[15] = 0xEF;
    answer[17] = 0xB6;
    answer[19] = 0xA8;
    answer[20] = 0xE4;
    CHECK(sectors_from_sense(answer) == 0x4A8B6F0u);
}

TEST_CASE("what a disk does not say is unknown, never good") {
    CHECK(judge_ata({{}, 1000, 1000, true, 0}).result == HiddenAreas::unknown);
    CHECK(judge_ata({1000, {}, {}, false, 0}).result == HiddenAreas::unknown);
    CHECK(judge_ata({1000, 1000, {}, true, 0}).result == HiddenAreas::unknown);
    CHECK(judge_ata({1000, {}, 1500, true, 0}).result == HiddenAreas::found);
}

TEST_CASE("an NVMe namespace is held against what its controller has") {
    const std::uint64_t size = 1000204886016;
    auto answers = nvme_answers(identify_namespace(size / 512, 9), identify_controller(size, 0));
    REQUIRE(answers);
    CHECK(judge_nvme(*answers).result == HiddenAreas::none);
    answers->seen_by_system = size - 4096;
    CHECK(judge_nvme(*answers).result == HiddenAreas::found);

    answers = nvme_answers(identify_namespace(size / 4096, 12, 1), identify_controller(size, 0));
    REQUIRE(answers);
    CHECK(answers->block_bytes == 4096);
    CHECK(judge_nvme(*answers).result == HiddenAreas::none);

    const auto partly =
        nvme_answers(identify_namespace(size / 1024, 9), identify_controller(size, size / 2));
    CHECK(judge_nvme(*partly).result == HiddenAreas::found);
    CHECK(
        judge_nvme(*partly).detail ==
        "namespace of 500102443008 bytes, controller has 1000204886016 in all, 500102443008 in no "
        "namespace; what lies outside of this namespace cannot be reached by it");
    const auto two = nvme_answers(identify_namespace(size / 1024, 9), identify_controller(size, 0));
    CHECK(judge_nvme(*two).result == HiddenAreas::found);

    const auto silent = nvme_answers(identify_namespace(size / 512, 9), identify_controller(0, 0));
    CHECK(judge_nvme(*silent).result == HiddenAreas::unknown);
}

TEST_CASE("NVMe answers that make no sense are unknown") {
    CHECK_FALSE(nvme_answers(Bytes(4095), Bytes(4096)));
    CHECK_FALSE(nvme_answers(Bytes(4096), Bytes(512)));
    CHECK(judge_nvme(*nvme_answers(Bytes(4096), Bytes(4096))).result == HiddenAreas::unknown);
    CHECK_FALSE(nvme_answers(Bytes(4096, 0xFF), Bytes(4096, 0xFF)));
    CHECK(judge_nvme(*nvme_answers(Bytes(4096, 0xFF), Bytes(4096))).result == HiddenAreas::unknown);
    CHECK(judge_nvme(*nvme_answers(identify_namespace(UINT64_MAX, 9), identify_controller(1, 0)))
              .result == HiddenAreas::unknown);
}
