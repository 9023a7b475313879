#include "verification/bag_path.h"

#include <vector>

namespace evidence {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What a shell, or Windows, would take for a place outside.
std::string_view fault_at_start(std::string_view path) {
    if (path.empty()) return "an empty name";
    if (path.find('\0') != std::string_view::npos) return "a zero byte in the name";
    if (path.front() == '/') return "an absolute path";
    if (path.front() == '~') return "a path from a home folder";
    if (path.starts_with("\\\\")) return "a network or device path of Windows";
    if (path.front() == '\\') return "an absolute path of Windows";
    if (path.size() > 1 && is_letter(path[0]) && path[1] == ':')
        return "a path with a drive letter";
    if (path.find("..\\") != std::string_view::npos || path.ends_with("\\..")) {
        return "a path of Windows that leads upwards";
    }
    return {};
}

}  // namespace

std::string decoded_bag_path(std::string_view written, BagVersion version) {
    std::string path;
    for (std::size_t i = 0; i < written.size(); ++i) {
        char c = written[i];
        if (c == '%' && i + 2 < written.size()) {
            const char digit = written[i + 1], letter = written[i + 2];
            const bool line_end = digit == '0' && version.encodes_line_ends();
            if (line_end && (letter == 'A' || letter == 'a')) {
                c = '\n';
            } else if (line_end && (letter == 'D' || letter == 'd')) {
                c = '\r';
            } else if (!(digit == '2' && letter == '5' && version.encodes_percent())) {
                path += c;
                continue;
            }
            i += 2;
        }
        path += c;
    }
    return path;
}

BagPath bag_path(std::string_view written, BagVersion version) {
    BagPath result;
    const std::string decoded = decoded_bag_path(written, version);
    result.fault = fault_at_start(decoded);
    if (!result.fault.empty()) return result;
    std::vector<std::string_view> parts;
    std::string_view rest = decoded;
    while (true) {
        const std::size_t slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part == "..") {
            if (parts.empty()) {
                result.fault = "a path that leads upwards";
                return result;
            }
            parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
        if (part.empty() || part == "." || part == "..") result.was_normal = false;
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    for (std::string_view part : parts) {
        if (!result.path.empty()) result.path += '/';
        result.path += part;
    }
    if (result.path.empty()) result.fault = "no file";
    return result;
}

bool is_payload_path(std::string_view path) { return path.starts_with("data/"); }

}  // namespace evidence
