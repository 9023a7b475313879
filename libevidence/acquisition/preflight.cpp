#include "acquisition/preflight.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <unistd.h>

#include <algorithm>

#include "acquisition/free_space.h"
#include "acquisition/hidden_areas.h"
#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

using Checks = std::vector<PreflightCheck>;
using enum PreflightResult;

std::string bytes_text(std::uint64_t bytes) { return std::to_string(bytes) + " bytes"; }

void check_hidden_areas(const Source& source, Checks& checks) {
    const HiddenAreaFacts facts = find_hidden_areas(source.file, *source.device);
    const PreflightResult result = facts.result == HiddenAreas::none    ? pass
                                   : facts.result == HiddenAreas::found ? fail
                                                                        : unknown;
    checks.push_back({"hidden-areas", facts.detail, result});
}

void check_device(const BlockDevice& device, Checks& checks) {
    std::string names;
    const auto add_name = [&names](const char* label, const std::string& value) {
        if (value.empty()) return;
        if (!names.empty()) names += ", ";
        names += std::string(label) + " " + value;
    };
    add_name("by-id", device.by_id);
    add_name("wwn", device.wwn);
    add_name("serial", device.serial);
    add_name("model", device.model);
    checks.push_back(
        {"stable-name", names.empty() ? "none known" : names, names.empty() ? unknown : pass});
    checks.push_back({"size",
                      "by ioctl " + bytes_text(device.size_by_ioctl) + ", by seek " +
                          bytes_text(device.size_by_seek),
                      device.size_by_ioctl == device.size_by_seek ? pass : fail});
    const bool sectors_known = device.logical_sector_bytes > 0 && device.physical_sector_bytes > 0;
    checks.push_back({"sector-size",
                      sectors_known ? "logical " + bytes_text(device.logical_sector_bytes) +
                                          ", physical " + bytes_text(device.physical_sector_bytes)
                                    : "the device does not say",
                      sectors_known ? pass : unknown});
}

void check_use(dev_t number, Checks& checks) {
    const std::vector<std::string> uses = uses_of_device(number);
    std::string detail = uses.empty() ? "neither mounted nor part of another volume" : "";
    for (const std::string& use : uses) detail += (detail.empty() ? "" : ", ") + use;
    checks.push_back({"in-use", detail, uses.empty() ? pass : fail});
}

void check_file_size(const Source& source, Checks& checks) {
    const off_t end = ::lseek(source.file.fd(), 0, SEEK_END);
    if (end < 0) {
        checks.push_back({"size", "by stat " + bytes_text(*source.size_bytes), unknown});
        return;
    }
    checks.push_back({"size",
                      "by stat " + bytes_text(*source.size_bytes) + ", by seek " +
                          bytes_text(static_cast<std::uint64_t>(end)),
                      static_cast<std::uint64_t>(end) == *source.size_bytes ? pass : fail});
}

// The device's own flag, or that of the mount a file or folder is reached through.
PreflightCheck read_only_check(const Source& source) {
    if (source.device) {
        if (!source.device->read_only) {
            return {"read-only", "the device does not say", unknown};
        }
        return *source.device->read_only
                   ? PreflightCheck{"read-only", "the device is set read-only", pass}
                   : PreflightCheck{"read-only", "the device is writable", fail};
    }
    struct statvfs status {};
    if (::fstatvfs(source.file.fd(), &status) != 0) {
        return {"read-only", "the file system does not say", unknown};
    }
    return (status.f_flag & ST_RDONLY) != 0
               ? PreflightCheck{"read-only", "the file system is mounted read-only", pass}
               : PreflightCheck{"read-only", "the file system is writable", fail};
}

void check_read_only(const Source& source, bool required, Checks& checks) {
    const PreflightCheck check = read_only_check(source);
    if (required && check.result != pass) {
        throw Error(ErrorKind::io,
                    "source is not read-only: " + source.path + " (" + check.detail + ")",
                    source.device ? "put a write blocker before it, or blockdev --setro it"
                                  : "mount it read-only");
    }
    checks.push_back(check);
}

std::string disk_names(const std::set<dev_t>& disks) {
    std::string names;
    for (dev_t disk : disks) names += (names.empty() ? "" : ", ") + name_of_device(disk);
    return names;
}

// `prefix` tells the checks of the second destination from those of the first.
void check_destination_disk(const Source& source, const fs::path& destination,
                            const std::string& prefix, Checks& checks) {
    const std::set<dev_t> below_source = disks_under_device(source.device->number);
    const std::set<dev_t> below_destination = disks_under_folder(destination);
    std::set<dev_t> shared;
    std::set_intersection(below_source.begin(), below_source.end(), below_destination.begin(),
                          below_destination.end(), std::inserter(shared, shared.begin()));
    if (!shared.empty()) {
        throw Error(ErrorKind::io,
                    "destination lies on the source disk: " + destination.native() +
                        " (both are on " + disk_names(shared) + ")",
                    "put the case on another disk");
    }
    if (below_destination.empty()) {
        checks.push_back({prefix + "destination", "is on no block device known here", unknown});
    } else {
        checks.push_back({prefix + "destination", "is on " + disk_names(below_destination), pass});
    }
}

// A copy on the same disk is lost with it.
void check_disks_differ(const fs::path& first, const fs::path& second, Checks& checks) {
    const std::set<dev_t> below_first = disks_under_folder(first);
    const std::set<dev_t> below_second = disks_under_folder(second);
    std::set<dev_t> shared;
    std::set_intersection(below_first.begin(), below_first.end(), below_second.begin(),
                          below_second.end(), std::inserter(shared, shared.begin()));
    if (!shared.empty()) {
        checks.push_back({"second-disk", "both copies are on " + disk_names(shared), fail});
    } else if (below_first.empty() || below_second.empty()) {
        checks.push_back({"second-disk", "the disks of the copies are not known here", unknown});
    } else {
        checks.push_back({"second-disk", "the copies are on different disks", pass});
    }
}

void check_destination_folder(const Source& source, const fs::path& destination) {
    const std::string inside = real_path(destination).native() + "/";
    const std::string root = source.path == "/" ? "/" : source.path + "/";
    if (!inside.starts_with(root)) return;
    throw Error(ErrorKind::io,
                "destination lies inside the source: " + destination.native() + " (inside " +
                    source.path + ")",
                "put the case outside of the folder that is captured");
}

// An object takes its size, and a line in the list of its pieces for each of them.
std::uint64_t room_of_object(std::uint64_t size_bytes) {
    return size_bytes + (size_bytes + piece_bytes - 1) / piece_bytes * pieces_line_bytes;
}

void check_free_space(const Source& source, const PreflightRequest& request,
                      const fs::path& destination, const std::string& prefix, Checks& checks) {
    const std::string check = prefix + "free-space";
    const std::optional<std::uint64_t> free_bytes = free_bytes_at(destination);
    if (!free_bytes) {
        checks.push_back({check, "the file system does not say", unknown});
        return;
    }
    std::string detail = bytes_text(*free_bytes) + " free";
    const std::optional<std::uint64_t> needed_bytes = source.holds_ewf    ? source.ewf_set_bytes
                                                      : source.size_bytes ? source.size_bytes
                                                                          : request.announced_bytes;
    if (!needed_bytes) {
        checks.push_back({check, detail + ", need not known beforehand", unknown});
        return;
    }
    const std::uint64_t whole = room_of_object(*needed_bytes);
    std::uint64_t needed = whole - std::min(whole, request.kept_bytes);
    const bool is_shared = request.second_destination &&
                           is_on_same_file_system(request.destination, *request.second_destination);
    if (is_shared) needed *= 2;
    detail += ", at most " + bytes_text(needed) + (request.kept_bytes > 0 ? " more" : "") +
              " needed" + (is_shared ? " for both copies" : "");
    checks.push_back({check, detail, *free_bytes >= needed ? pass : fail});
}

void check_destination(const Source& source, const PreflightRequest& request,
                       const fs::path& destination, const std::string& prefix, Checks& checks) {
    if (source.device) check_destination_disk(source, destination, prefix, checks);
    if (source.kind == ItemKind::tree) check_destination_folder(source, destination);
    check_free_space(source, request, destination, prefix, checks);
}

void check_machine(const Context& context, Checks& checks) {
    struct utsname system {};
    if (::uname(&system) == 0) {
        checks.push_back({"kernel",
                          printable(std::string(system.sysname) + " " + system.release + " " +
                                    system.version + " " + system.machine),
                          pass});
        checks.push_back({"host", printable(system.nodename), pass});
    } else {
        checks.push_back({"kernel", "the system does not say", unknown});
        checks.push_back({"host", "the system does not say", unknown});
    }
    const std::string clock = context.clock.source();
    checks.push_back(
        {"clock",
         clock + ", local time is UTC" + context.clock.zone() +
             (clock == "ntp" ? ", kept in step by the system" : ", not known to be kept in step"),
         clock == "ntp" ? pass : unknown});
}

}  // namespace

std::string_view name_of(PreflightResult result) {
    switch (result) {
        case pass:
            return "pass";
        case fail:
            return "fail";
        case unknown:
            return "unknown";
    }
    return "";
}

std::vector<PreflightCheck> preflight(const Source& source, const PreflightRequest& request,
                                      const Context& context) {
    Checks checks;
    if (source.device) {
        check_device(*source.device, checks);
        check_hidden_areas(source, checks);
        check_use(source.device->number, checks);
    }
    if (source.kind == ItemKind::file) check_file_size(source, checks);
    if (source.kind == ItemKind::stream) {
        if (request.require_read_only) {
            throw Error(ErrorKind::usage,
                        "a stream cannot be shown to be read-only (expected a device, file or "
                        "folder)");
        }
    } else {
        check_read_only(source, request.require_read_only, checks);
    }
    check_destination(source, request, request.destination, "", checks);
    if (request.second_destination) {
        check_destination(source, request, *request.second_destination, "second-", checks);
        check_disks_differ(request.destination, *request.second_destination, checks);
    }
    check_machine(context, checks);
    return checks;
}

std::vector<PreflightCheck> machine_checks(const Context& context) {
    Checks checks;
    check_machine(context, checks);
    return checks;
}

Json to_json(const std::vector<PreflightCheck>& checks) {
    Json array = Json::array();
    for (const PreflightCheck& each : checks) {
        array.push_back(Json::object(
            {{"check", each.check}, {"detail", each.detail}, {"result", name_of(each.result)}}));
    }
    return array;
}

std::vector<std::string> warnings_of(const std::vector<PreflightCheck>& checks,
                                     const Source& source) {
    std::vector<std::string> warnings;
    for (const PreflightCheck& each : checks) {
        if (each.check == "read-only" && !source.device) continue;
        if (each.result == fail) warnings.push_back(each.check + ": " + each.detail);
    }
    return warnings;
}

}  // namespace evidence
