// What is mounted where, as the kernel lists it (proc(5), /proc/PID/mountinfo).
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace evidence {

struct Mount {
    dev_t device = 0;  // st_dev of the files in it; major number 0 when no block device has it
    std::string point, file_system, source;
    std::string upper_folder;  // of an overlay: where writes go; empty otherwise
};

// One line; nullopt when it is not of the form that proc(5) describes.
std::optional<Mount> parse_mount(std::string_view line);

// Every line that can be read; nothing where there is no such file.
void visit_mounts(const std::function<void(const Mount& mount)>& visit,
                  const fs::path& table = "/proc/self/mountinfo");

// A device number as the kernel writes it, "8:1".
std::optional<dev_t> parse_device_number(std::string_view text);

}  // namespace evidence
