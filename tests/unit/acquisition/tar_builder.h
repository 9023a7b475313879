// Tars made by hand, block by block, to meet the reader with what libarchive would never write.
#pragma once

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "acquisition/tar_entries.h"

namespace evidence::test {

struct TarHeader {
    std::string name;
    char type = '0';
    std::string content = {};
    std::string link = {};
    bool gnu = false;
};

inline std::string tar_entry(const TarHeader& header) {
    std::string block(512, '\0');
    const auto put = [&block](std::size_t at, const std::string& text) {
        block.replace(at, text.size(), text);
    };
    char size[12];
    std::snprintf(size, sizeof size, "%011zo", header.content.size());
    put(0, header.name.substr(0, 100));
    put(100, "0000644");
    put(108, "0001750");
    put(116, "0001750");
    put(124, size);
    put(136, "00000000012");
    put(148, "        ");
    put(156, std::string(1, header.type));
    put(157, header.link);
    put(257, header.gnu ? std::string("ustar  \0", 8) : std::string("ustar\00000", 8));
    unsigned sum = 0;
    for (char c : block) sum += static_cast<unsigned char>(c);
    char checksum[8];
    std::snprintf(checksum, sizeof checksum, "%06o", sum);
    put(148, std::string(checksum, 7));
    std::string content = header.content;
    content.resize((content.size() + 511) / 512 * 512);
    return block + content;
}

inline std::string pax_header(const std::vector<std::pair<std::string, std::string>>& records) {
    std::string body;
    for (const auto& [key, value] : records) {
        const std::size_t fixed = key.size() + value.size() + 3;
        std::size_t length = fixed + 1;
        while (std::to_string(length).size() + fixed != length) ++length;
        body += std::to_string(length) + " " + key + "=" + value + "\n";
    }
    return tar_entry({"PaxHeader/x", 'x', body});
}

inline std::string tar_end() { return std::string(1024, '\0'); }

inline std::vector<TarEntry> entries_of(const std::string& tar, std::string_view item = "X-1") {
    std::vector<TarEntry> entries;
    std::size_t position = 0;
    read_tar_entries(
        [&](MutableByteView buffer) {
            const std::size_t count = std::min(buffer.size(), tar.size() - position);
            std::memcpy(buffer.data(), tar.data() + position, count);
            position += count;
            return count;
        },
        item, "x.tar", [&](TarEntry entry) { entries.push_back(std::move(entry)); });
    return entries;
}

}  // namespace evidence::test
