#include "acquisition/drill_bench.h"

#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>

#include "acquisition/item_folder.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"

namespace evidence {
namespace {

const EventAuthor drill_author{{"drill", "", "", "", ""}, nullptr};

fs::path make_folder(const fs::path& parent) {
    std::string name = (parent / "evidence-drill-XXXXXX").native();
    if (!::mkdtemp(name.data())) throw_errno("cannot create a folder in", parent.native());
    return name;
}

// SplitMix64: every sector differs, and no machine gives others.
void fill_block(MutableByteView block, std::uint64_t offset) {
    for (std::size_t i = 0; i < block.size(); i += 8) {
        std::uint64_t value = (offset + i + 1) * 0x9E3779B97F4A7C15u;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
        value = (value ^ value >> 27) * 0x94D049BB133111EBu;
        value ^= value >> 31;
        for (std::size_t j = 0; j < 8 && i + j < block.size(); ++j) {
            block[i + j] = static_cast<std::uint8_t>(value >> 8 * j);
        }
    }
}

// "the same bytes", or where they begin to differ.
std::string compare(const fs::path& found, const fs::path& expected) {
    if (!path_exists(found)) return "no object";
    const File one = File::open_regular(found), other = File::open_regular(expected);
    if (one.size() != other.size()) {
        return std::to_string(one.size()) + " bytes instead of " + std::to_string(other.size());
    }
    Bytes first(mib), second(mib);
    for (std::uint64_t offset = 0; offset < one.size(); offset += mib) {
        const std::size_t count = one.read_at(first, offset);
        other.read_at(second, offset);
        const auto end = first.begin() + static_cast<std::ptrdiff_t>(count);
        const auto differs = std::mismatch(first.begin(), end, second.begin()).first;
        if (differs == end) continue;
        const auto at = static_cast<std::uint64_t>(differs - first.begin());
        return "other bytes from byte " + std::to_string(offset + at) + " on";
    }
    return "the same bytes";
}

}  // namespace

DrillBench::DrillBench(const ToolDetails& tool, const Acquirer& acquirer, const Context& context)
    : tool_(tool),
      acquirer_(acquirer),
      context_(context),
      folder_(make_folder(context.scratch_folder)) {
    EventDraft open;
    open.type = "open";
    CaseFolder::create(folder_ / "case", {"DRILL", "A drill", "drill", "", ""}, drill_author, open,
                       context);
}

DrillBench::~DrillBench() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void DrillBench::make_disk(std::uint64_t size_bytes) {
    remove_if_there(disk());
    File file = File::create_new(disk());
    Bytes block(mib);
    for (std::uint64_t offset = 0; offset < size_bytes; offset += block.size()) {
        context_.check_interrupted();
        block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(mib, size_bytes - offset)));
        fill_block(block, offset);
        file.write(block);
    }
    file.close();
}

fs::path DrillBench::expected_image(const std::vector<BadRange>& zeros) {
    const fs::path image = folder_ / "expected.img";
    remove_if_there(image);
    fs::copy_file(disk(), image);
    const int fd = ::open(image.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) throw_errno("cannot open", image.native());
    File file = File::adopt(fd, image.native());
    for (const BadRange& range : zeros) {
        file.write_at(Bytes(static_cast<std::size_t>(range.size_bytes)), range.offset_bytes);
    }
    file.close();
    return image;
}

std::string DrillBench::sha256_of(const fs::path& path) const {
    File file = File::open_regular(path);
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    while (const std::size_t count = file.read_some(buffer)) {
        hasher.update(ByteView(buffer).first(count));
    }
    return to_hex(hasher.finish());
}

AcquireRequest DrillBench::request(const std::string& item, DrillDevice& device) const {
    constexpr std::uint64_t often = 4 * mib;
    AcquireRequest request;
    request.source = disk().native();
    request.item_id = item;
    request.device = &device;
    request.checkpoint_bytes = often;
    request.author = drill_author;
    request.tool = tool_;
    return request;
}

DrillBench::Outcome DrillBench::acquire(const AcquireRequest& request) const try {
    CaseFolder folder = CaseFolder::open(folder_ / "case");
    return {acquirer_(folder, request, context_), ""};
} catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return {std::nullopt, error.message()};
}

fs::path DrillBench::item_folder(const std::string& item) const {
    return folder_ / "case" / "items" / item;
}

bool DrillBench::is_resumable(const std::string& item) const {
    if (!path_exists(item_folder(item).parent_path())) return false;
    const std::vector<fs::path> leftovers = leftovers_of(item_folder(item));
    return std::any_of(leftovers.begin(), leftovers.end(), [](const fs::path& leftover) {
        return name_is_taken(leftover / resume_file_name);
    });
}

std::uint64_t DrillBench::events_of_type(std::string_view type) const {
    const CaseFolder folder = CaseFolder::open(folder_ / "case");
    const std::uint64_t size = folder.ledger().head().size;
    std::uint64_t count = 0;
    folder.ledger().visit(
        0, size, [&](const LedgerLine& line) { count += line.event && line.event->type == type; });
    return count;
}

void DrillBench::expect(std::string step, std::string expected, std::string found) {
    steps_.push_back({std::move(step), std::move(expected), std::move(found)});
}

void DrillBench::expect_same_bytes(const std::string& item, const fs::path& expected_image) {
    expect("the object, byte by byte", "the same bytes", compare(object(item), expected_image));
}

void DrillBench::expect_nothing_acquired(const std::string& item) {
    expect("under the final name", "nothing",
           name_is_taken(item_folder(item)) ? "an item" : "nothing");
}

}  // namespace evidence
