#include "acquisition/mount_table.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <vector>

#include "base/line_reader.h"

namespace evidence {
namespace {

constexpr std::size_t max_line_bytes = 64 * 1024;
constexpr std::string_view upper_option = "upperdir=";

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        if (end > 0) words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// The kernel writes space, tab, newline and backslash as \040 and so on.
std::string unescaped(std::string_view word) {
    std::string text;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] == '\\' && i + 3 < word.size() && is_octal(word[i + 1]) &&
            is_octal(word[i + 2]) && is_octal(word[i + 3])) {
            text += static_cast<char>((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 +
                                      (word[i + 3] - '0'));
            i += 3;
        } else {
            text += word[i];
        }
    }
    return text;
}

std::string upper_folder_of(std::string_view options) {
    while (!options.empty()) {
        const std::string_view option = options.substr(0, options.find(','));
        if (option.starts_with(upper_option)) {
            return unescaped(option.substr(upper_option.size()));
        }
        options.remove_prefix(std::min(option.size() + 1, options.size()));
    }
    return {};
}

std::optional<unsigned> number_of(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<dev_t> parse_device_number(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto major_part = number_of(text.substr(0, colon));
    const auto minor_part = number_of(text.substr(colon + 1));
    if (!major_part || !minor_part) return std::nullopt;
    return makedev(*major_part, *minor_part);
}

std::optional<Mount> parse_mount(std::string_view line) {
    // 36 35 98:0 /root /point rw,noatime [optional fields] - ext4 /dev/sdb1 rw,errors=continue
    constexpr std::size_t device_at = 2, point_at = 4, least = 6;
    const std::vector<std::string_view> words = words_of(line);
    std::size_t separator = least;
    while (separator < words.size() && words[separator] != "-") ++separator;
    if (separator + 2 >= words.size()) return std::nullopt;
    const auto device = parse_device_number(words[device_at]);
    if (!device) return std::nullopt;
    Mount mount{*device,
                unescaped(words[point_at]),
                unescaped(words[separator + 1]),
                unescaped(words[separator + 2]),
                {}};
    if (mount.file_system == "overlay" && separator + 3 < words.size()) {
        mount.upper_folder = upper_folder_of(words[separator + 3]);
    }
    return mount;
}

void visit_mounts(const std::function<void(const Mount& mount)>& visit, const fs::path& table) {
    std::error_code failed;
    if (!fs::exists(table, failed)) return;
    File file = File::open_read(table);
    LineReader lines([&file](MutableByteView buffer) { return file.read_some(buffer); },
                     table.native(), max_line_bytes);
    while (const auto line = lines.next()) {
        if (const auto mount = parse_mount(*line)) visit(*mount);
    }
}

}  // namespace evidence
