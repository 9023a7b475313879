#include "acquisition/rescue_map.h"

#include "acquisition/mapfile.h"
#include "base/error.h"
#include "digest/digest.h"

namespace evidence {
namespace {

LineReader lines_of(std::string_view text, std::string name) {
    LineReader::Source source = [text](MutableByteView buffer) mutable {
        const std::size_t count = text.copy(reinterpret_cast<char*>(buffer.data()), buffer.size());
        text.remove_prefix(count);
        return count;
    };
    return {std::move(source), std::move(name), mapfile_max_line_bytes};
}

[[noreturn]] void refuse_extent(const fs::path& path, std::uint64_t first, std::uint64_t end,
                                std::uint64_t finished_end, std::uint64_t image_bytes) {
    // ddrescue leaves an image short where nothing near the end of the disk could be read.
    const bool is_short = first == 0 && end > image_bytes && finished_end <= image_bytes;
    if (finished_end > image_bytes) {
        throw Error(ErrorKind::refused,
                    "image is shorter than what was read of the disk: it ends at byte " +
                        std::to_string(image_bytes) + ", " + path.native() +
                        " says that bytes up to " + std::to_string(finished_end) + " were read",
                    "the image was cut; look for the whole one");
    }
    throw Error(ErrorKind::refused,
                "mapfile is not of this image: " + path.native() + " (expected bytes 0 to " +
                    std::to_string(image_bytes) + ", found " + std::to_string(first) + " to " +
                    std::to_string(end) + ")",
                is_short ? "an image without its unreadable end is made whole by truncate -s " +
                               std::to_string(end)
                         : "");
}

}  // namespace

RescueMap read_rescue_map(const fs::path& path, std::uint64_t image_bytes) {
    const std::string text = read_small_file(File::open_regular(path), rescue_map_max_bytes);
    RescueMap map{{}, sha256_hex(text)};
    LineReader lines = lines_of(text, path.native());
    std::uint64_t first = 0, end = 0, finished_end = 0;
    bool is_empty = true;
    visit_mapfile(lines, [&](const MapBlock& block) {
        if (is_empty) first = block.offset_bytes;
        is_empty = false;
        end = block.offset_bytes + block.size_bytes;
        if (block.size_bytes > 0 && block.is_finished()) finished_end = end;
        if (block.size_bytes > 0 && !block.is_finished()) {
            map.ranges.add({block.offset_bytes, block.size_bytes, 0});
        }
    });
    if (first != 0 || end != image_bytes)
        refuse_extent(path, first, end, finished_end, image_bytes);
    return map;
}

}  // namespace evidence
