// A small file of the ZIP profile in memory, and ways to damage it.
#pragma once

#include "base/atomic_file.h"
#include "base/finding.h"
#include "package/package_layout.h"
#include "package/zip_reader.h"
#include "package/zip_writer.h"
#include "test_context.h"

namespace evidence::test {

using NamedContent = std::pair<std::string, std::string>;

inline std::vector<NamedContent> small_contents() {
    return {{"mimetype", std::string(package_mimetype)},
            {"bagit.txt", "BagIt-Version: 1.0\n"},
            {"data/000001.bin", std::string("evidence\0evidence", 17)},
            {"data/000002.img", ""},
            {"manifest-sha256.txt", "none\n"},
            {"META-INF/signature001.p7s", "signed"}};
}

inline std::string zip_of(const std::vector<NamedContent>& contents) {
    std::string out;
    ZipWriter writer([&out](ByteView bytes) { out += as_text(bytes); });
    for (const NamedContent& content : contents) writer.add(content.first, content.second);
    writer.finish();
    return out;
}

// The bytes as a file that vanishes.
inline File file_of(const TemporaryFolder& folder, std::string_view bytes) {
    File file = File::create_unnamed(folder.path());
    file.write(as_bytes(bytes));
    return file;
}

inline Findings findings_about(const TemporaryFolder& folder, std::string_view bytes) {
    Findings findings;
    read_zip_structure(file_of(folder, bytes), findings);
    return findings;
}

}  // namespace evidence::test
