#include "package/package_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hex.h"
#include "package/disclosure_document.h"

namespace evidence {
namespace {

// Groups in the order in which they stand. A fixed name is a group of its own.
enum Rank : int {
    rank_mimetype,
    rank_bagit,
    rank_bag_info,
    rank_readme,
    rank_package,
    rank_terms,
    rank_request,
    rank_data,
    rank_items,
    rank_items_checkpoint,
    rank_pieces,
    rank_acquisition,
    rank_ledger,
    rank_ledger_checkpoint,
    rank_signers,
    rank_disclosure,
    rank_origin,
    rank_manifest,
    rank_tagmanifest,
    rank_meta_inf,
    rank_proofs,
};

struct FixedName {
    std::string_view name;
    Rank rank;
};

constexpr std::array fixed_names = {
    FixedName{"mimetype", rank_mimetype},
    FixedName{"bagit.txt", rank_bagit},
    FixedName{"bag-info.txt", rank_bag_info},
    FixedName{"README.txt", rank_readme},
    FixedName{"package.json", rank_package},
    FixedName{"terms.json", rank_terms},
    FixedName{"request.json", rank_request},
    FixedName{"items.jsonl", rank_items},
    FixedName{"items.checkpoint", rank_items_checkpoint},
    FixedName{"custody/ledger.jsonl", rank_ledger},
    FixedName{"custody/checkpoint", rank_ledger_checkpoint},
    FixedName{"disclosure.json", rank_disclosure},
    FixedName{"manifest-sha256.txt", rank_manifest},
    FixedName{"tagmanifest-sha256.txt", rank_tagmanifest},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes `prefix` off the front of `text`; false, and nothing taken, when it does not start so.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// Three digits off the front of `text`; 0 (no such number) when there are none.
int take_three_digits(std::string_view& text) {
    if (text.size() < 3 || !std::all_of(text.begin(), text.begin() + 3, is_digit)) return 0;
    const int number = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    text.remove_prefix(3);
    return number;
}

// "000001." off the front of `text`.
bool take_object_number(std::string_view& text) {
    if (text.size() < 7 || text[6] != '.' || !parse_object_number(text.substr(0, 6))) return false;
    text.remove_prefix(7);
    return true;
}

// img, tar, bin; 000.. for split raw images; E01.. for EWF.
bool is_object_extension(std::string_view extension) {
    if (extension == "img" || extension == "tar" || extension == "bin") return true;
    if (extension.size() != 3) return false;
    const auto is_upper_or_digit = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); };
    const bool is_split = std::all_of(extension.begin(), extension.end(), is_digit);
    const bool is_ewf = extension[0] >= 'E' && extension[0] <= 'Z' &&
                        is_upper_or_digit(extension[1]) && is_upper_or_digit(extension[2]);
    return is_split || is_ewf;
}

bool is_acquisition_extension(std::string_view extension) {
    return extension == "json" || extension == "map" || extension == "omitted.jsonl";
}

// Co-signatures are made before any time-stamp, and what comes later is added behind: so 101 and
// on stand between 002 and 003.
std::string_view meta_inf_stage(int number) {
    if (number <= 2) return "1";
    return number >= 101 ? "2" : "3";
}

// The files of META-INF: a manifest NNN, then what signs or stamps it.
std::optional<std::string> meta_inf_order(std::string_view rest) {
    const std::string_view name = rest;
    enum class File { manifest, archive_manifest, signature, timestamp } file{};
    if (take(rest, "ASiCManifest")) {
        file = File::manifest;
    } else if (take(rest, "ASiCArchiveManifest")) {
        file = File::archive_manifest;
    } else if (take(rest, "signature")) {
        file = File::signature;
    } else if (take(rest, "timestamp")) {
        file = File::timestamp;
    } else {
        return std::nullopt;
    }
    const int number = take_three_digits(rest);
    if (number < 1 || number > 199 || number == 100) return std::nullopt;
    const bool is_signed = number <= 2 || number >= 101;
    const bool is_archive = !is_signed && number >= 5;
    const bool is_manifest = file == File::manifest || file == File::archive_manifest;
    const File expected = is_manifest ? (is_archive ? File::archive_manifest : File::manifest)
                                      : (is_signed ? File::signature : File::timestamp);
    const std::string_view extension = is_manifest ? ".xml" : is_signed ? ".p7s" : ".tst";
    if (file != expected || rest != extension) return std::nullopt;
    return fmt::format("{}{:03}{}{}", meta_inf_stage(number), number, is_manifest ? 0 : 1, name);
}

// The position of a name in a container of any nesting, without "origin/".
std::optional<LayoutPosition> plain_position(std::string_view name) {
    for (const FixedName& fixed : fixed_names) {
        if (fixed.name == name) return LayoutPosition{fixed.rank, {}};
    }
    std::string_view rest = name;
    if (take(rest, "data/")) {
        if (!take_object_number(rest) || !is_object_extension(rest)) return std::nullopt;
        return LayoutPosition{rank_data, std::string(name)};
    }
    if (take(rest, "pieces/")) {
        if (!take_object_number(rest) || rest != "txt") return std::nullopt;
        return LayoutPosition{rank_pieces, std::string(name)};
    }
    if (take(rest, "acquisition/")) {
        if (!take_object_number(rest) || !is_acquisition_extension(rest)) return std::nullopt;
        return LayoutPosition{rank_acquisition, std::string(name)};
    }
    if (take(rest, "custody/signers/")) {
        if (rest.size() != 68 || !is_hex(rest.substr(0, 64), 64) || rest.substr(64) != ".pem") {
            return std::nullopt;
        }
        return LayoutPosition{rank_signers, std::string(name)};
    }
    if (take(rest, "META-INF/")) {
        std::optional<std::string> order = meta_inf_order(rest);
        if (!order) return std::nullopt;
        return LayoutPosition{rank_meta_inf, std::move(*order)};
    }
    return std::nullopt;
}

// Inside origin/: no payload and no mimetype, but the proofs of a blind disclosure.
std::optional<LayoutPosition> origin_position(std::string_view name) {
    if (name == "proofs.jsonl") return LayoutPosition{rank_proofs, {}};
    std::optional<LayoutPosition> position = plain_position(name);
    if (position && (position->rank == rank_data || position->rank == rank_mimetype)) {
        return std::nullopt;
    }
    return position;
}

}  // namespace

std::optional<LayoutPosition> layout_position(std::string_view name) {
    std::string nesting;  // one rank per origin/ in front
    while (take(name, "origin/")) nesting += fmt::format("{:02}", static_cast<int>(rank_origin));
    if (nesting.empty()) return plain_position(name);
    if (nesting.size() > 2 * max_origin_levels) return std::nullopt;
    std::optional<LayoutPosition> position = origin_position(name);
    if (!position) return std::nullopt;
    nesting.erase(0, 2);  // the outermost origin/ is the rank itself
    return LayoutPosition{rank_origin,
                          fmt::format("{}{:02}{}", nesting, position->rank, position->within)};
}

bool is_payload(std::string_view name) { return name.starts_with("data/"); }

bool is_in_tagmanifest(std::string_view name) {
    return is_in_manifest_001(name) && !is_payload(name) && name != "tagmanifest-sha256.txt";
}

bool is_in_manifest_001(std::string_view name) {
    return name != "mimetype" && !name.starts_with("META-INF/");
}

std::string object_number(std::uint64_t number) { return fmt::format("{:06}", number); }

std::optional<std::uint64_t> parse_object_number(std::string_view digits) {
    if (digits.size() != 6 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number == 0) return std::nullopt;
    return number;
}

}  // namespace evidence
