#include "transfer/part_list.h"

#include <algorithm>

#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::size_t number_digits = 6;
constexpr std::string_view stem = "part-";
// "<64 hex digits>  part-000001.p7m\n"
constexpr std::size_t line_bytes = 64 + 2 + stem.size() + number_digits + 4 + 1;

constexpr std::size_t lines_in_block = 1024;

std::string_view extension_of(PartForm form) {
    return form == PartForm::encrypted ? ".p7m" : ".bin";
}

std::string part_line(const Sha256& digest, std::uint64_t number, PartForm form) {
    return to_hex(digest) + "  " + part_name(number, form) + "\n";
}

// Appends the digests of whole lines, while they are exactly those expected next.
bool append_parts(std::vector<Sha256>& parts, std::string_view lines, PartForm form) {
    for (; !lines.empty(); lines.remove_prefix(line_bytes)) {
        if (lines.size() < line_bytes || parts.size() >= max_parts) return false;
        const std::optional<Bytes> digest = from_hex(lines.substr(0, 64));
        if (!digest) return false;
        Sha256& part = parts.emplace_back();
        std::copy(digest->begin(), digest->end(), part.begin());
        if (part_line(part, parts.size(), form) != lines.substr(0, line_bytes)) return false;
    }
    return true;
}

}  // namespace

bool is_part_size(std::uint64_t bytes) {
    return bytes >= min_part_bytes && bytes <= max_part_bytes;
}

std::uint64_t part_count(std::uint64_t package_bytes, std::uint64_t part_bytes) {
    return package_bytes / part_bytes + (package_bytes % part_bytes != 0 ? 1 : 0);
}

std::uint64_t bytes_in_part(std::uint64_t number, std::uint64_t package_bytes,
                            std::uint64_t part_bytes) {
    return std::min(part_bytes, package_bytes - (number - 1) * part_bytes);
}

std::string part_name(std::uint64_t number, PartForm form) {
    std::string digits = std::to_string(number);
    digits.insert(0, number_digits - std::min(number_digits, digits.size()), '0');
    return std::string(stem) + digits + std::string(extension_of(form));
}

bool is_part_name(std::string_view name) {
    if (!name.starts_with(stem)) return false;
    name.remove_prefix(stem.size());
    if (name.size() != number_digits + 4) return false;
    const std::string_view digits = name.substr(0, number_digits);
    const std::string_view extension = name.substr(number_digits);
    return digits.find_first_not_of("0123456789") == digits.npos && digits != "000000" &&
           (extension == extension_of(PartForm::encrypted) ||
            extension == extension_of(PartForm::clear));
}

Sha256 write_part_list(File& file, const std::vector<Sha256>& parts, PartForm form) {
    Hasher hasher(Algorithm::sha256);
    std::string block;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        block += part_line(parts[i], i + 1, form);
        if (block.size() < lines_in_block * line_bytes && i + 1 < parts.size()) continue;
        hasher.update(as_bytes(block));
        file.write(as_bytes(block));
        block.clear();
    }
    return hasher.finish_sha256();
}

PartList read_part_list(const File& file, std::uint64_t count, PartForm form) {
    Hasher hasher(Algorithm::sha256);
    std::vector<Sha256> parts;
    // A byte more than there should be shows that there are too many, whatever follows.
    const std::uint64_t most = count * line_bytes + 1;
    bool exact = file.size() + 1 == most;
    Bytes block(lines_in_block * line_bytes);
    for (std::uint64_t offset = 0;; offset += block.size()) {
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), most - offset));
        const std::size_t got = file.read_at(MutableByteView(block).first(wanted), offset);
        const ByteView bytes = ByteView(block).first(got);
        hasher.update(bytes);
        exact = exact && append_parts(parts, as_text(bytes), form);
        if (got < block.size()) break;
    }
    PartList list{hasher.finish_sha256(), std::nullopt};
    if (exact) list.parts = std::move(parts);
    return list;
}

}  // namespace evidence
