#include "acquisition/hidden_areas.h"

#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace evidence {
namespace {

constexpr unsigned answer_milliseconds = 10'000;  // a failing disk may never answer

// The fields of a command that the ones sent here need (SAT-3, table 115).
struct AtaCommand {
    std::uint8_t command = 0, features = 0;
    bool has_48_bits = false;
    std::size_t answer_bytes = 0;  // 0: the answer is in the registers
};

constexpr AtaCommand identify_device{0xEC, 0, false, 512};
constexpr AtaCommand read_native_max_48{0x27, 0, true, 0};
constexpr AtaCommand read_native_max_28{0xF8, 0, false, 0};
constexpr AtaCommand get_native_max{0x78, 0, true, 0};
constexpr AtaCommand configuration_identify{0xB1, 0xC2, false, 512};

struct AtaAnswer {
    int error_number = 0;  // of the ioctl
    bool is_answered = false;
    Bytes data, sense;
};

std::array<std::uint8_t, 16> pass_through(const AtaCommand& command) {
    constexpr unsigned no_data = 3u << 1, data_in = 4u << 1;
    constexpr unsigned from_device = 0x08, in_blocks = 0x04, length_in_count = 0x02;
    constexpr unsigned registers_wanted = 0x20;
    constexpr std::uint8_t by_address = 0x40;
    std::array<std::uint8_t, 16> bytes{};
    const bool has_data = command.answer_bytes > 0;
    bytes[0] = 0x85;
    bytes[1] =
        static_cast<std::uint8_t>((has_data ? data_in : no_data) | (command.has_48_bits ? 1u : 0u));
    bytes[2] = static_cast<std::uint8_t>(has_data ? from_device | in_blocks | length_in_count
                                                  : registers_wanted);
    bytes[4] = command.features;
    bytes[6] = static_cast<std::uint8_t>(command.answer_bytes / 512);
    bytes[13] = by_address;
    bytes[14] = command.command;
    return bytes;
}

AtaAnswer ask(const File& device, const AtaCommand& command) {
    constexpr std::size_t sense_bytes = 64;
    auto bytes = pass_through(command);
    AtaAnswer answer;
    answer.data.resize(command.answer_bytes);
    answer.sense.resize(sense_bytes);
    sg_io_hdr header{};
    header.interface_id = 'S';
    header.dxfer_direction = command.answer_bytes > 0 ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
    header.cmd_len = static_cast<unsigned char>(bytes.size());
    header.cmdp = bytes.data();
    header.mx_sb_len = sense_bytes;
    header.sbp = answer.sense.data();
    header.dxfer_len = static_cast<unsigned>(command.answer_bytes);
    header.dxferp = answer.data.data();
    header.timeout = answer_milliseconds;
    if (::ioctl(device.fd(), SG_IO, &header) != 0) {
        answer.error_number = errno;
        return answer;
    }
    answer.sense.resize(std::min<std::size_t>(header.sb_len_wr, sense_bytes));
    // Registers come as sense data, which counts as a check condition.
    constexpr unsigned driver_sense = 0x08;
    const bool has_data = header.status == 0 && header.resid == 0;
    answer.is_answered = header.host_status == 0 && (header.driver_status & ~driver_sense) == 0 &&
                         (command.answer_bytes == 0 || has_data);
    return answer;
}

std::optional<std::uint64_t> native_sectors(const File& device, ByteView identify) {
    const auto ask_for = [&device](const AtaCommand& command) -> std::optional<std::uint64_t> {
        const AtaAnswer answer = ask(device, command);
        return answer.is_answered ? sectors_from_sense(answer.sense) : std::nullopt;
    };
    if (has_maximum_address_feature(identify)) {
        if (const auto sectors = ask_for(get_native_max)) return sectors;
    }
    // Whether or not the disk claims to have the feature: the claim itself can be configured away.
    if (const auto sectors = ask_for(read_native_max_48)) return sectors;
    return ask_for(read_native_max_28);
}

bool is_partition(dev_t number) {
    std::error_code ignored;
    return fs::exists("/sys/dev/block/" + std::to_string(major(number)) + ":" +
                          std::to_string(minor(number)) + "/partition",
                      ignored);
}

std::string reason(int error_number) {
    return "the device does not answer when asked" +
           (error_number == 0 ? "" : " (" + std::generic_category().message(error_number) + ")");
}

HiddenAreaFacts ask_ata(const File& file, const BlockDevice& device) {
    const AtaAnswer identify = ask(file, identify_device);
    if (!identify.is_answered) return {HiddenAreas::unknown, reason(identify.error_number)};
    AtaAnswers answers;
    answers.accessible = accessible_sectors(identify.data);
    answers.has_overlay = has_overlay_feature(identify.data);
    answers.native = native_sectors(file, identify.data);
    const AtaAnswer overlay = ask(file, configuration_identify);
    if (overlay.is_answered) answers.configured = configured_sectors(overlay.data);
    if (!is_partition(device.number) && device.logical_sector_bytes > 0) {
        answers.seen_by_system = device.size_by_ioctl / device.logical_sector_bytes;
    }
    return judge_ata(answers);
}

// The error number, 0 when it was answered.
int identify_nvme(const File& device, std::uint32_t namespace_id, std::uint32_t what,
                  Bytes& answer) {
    constexpr std::uint8_t identify = 0x06;
    answer.assign(4096, 0);
    nvme_admin_cmd command{};
    command.opcode = identify;
    command.nsid = namespace_id;
    command.addr = reinterpret_cast<std::uintptr_t>(answer.data());
    command.data_len = static_cast<std::uint32_t>(answer.size());
    command.cdw10 = what;
    command.timeout_ms = answer_milliseconds;
    const int status = ::ioctl(device.fd(), NVME_IOCTL_ADMIN_CMD, &command);
    if (status < 0) return errno;
    return status == 0 ? 0 : EIO;
}

HiddenAreaFacts ask_nvme(const File& file, const BlockDevice& device, std::uint32_t namespace_id) {
    constexpr std::uint32_t of_namespace = 0, of_controller = 1;
    Bytes first, second;
    int error_number = identify_nvme(file, namespace_id, of_namespace, first);
    if (error_number == 0) error_number = identify_nvme(file, 0, of_controller, second);
    if (error_number != 0) return {HiddenAreas::unknown, reason(error_number)};
    std::optional<NvmeAnswers> answers = nvme_answers(first, second);
    if (!answers) return {HiddenAreas::unknown, "the answer makes no sense"};
    if (!is_partition(device.number)) answers->seen_by_system = device.size_by_ioctl;
    return judge_nvme(*answers);
}

}  // namespace

HiddenAreaFacts find_hidden_areas(const File& file, const BlockDevice& device) {
    const int namespace_id = ::ioctl(file.fd(), NVME_IOCTL_ID);
    if (namespace_id > 0) return ask_nvme(file, device, static_cast<std::uint32_t>(namespace_id));
    return ask_ata(file, device);
}

}  // namespace evidence
