#include "verification/bag_contents.h"

#include <algorithm>

#include "base/hex.h"
#include "verification/bag_declaration.h"
#include "verification/bag_path.h"
#include "verification/name_fold.h"

namespace evidence {

std::size_t BagContents::add_manifest(std::string file_name, ManifestKind kind,
                                      const std::optional<ForeignAlgorithm>& algorithm) {
    manifests_.push_back({std::move(file_name), kind, std::nullopt});
    if (algorithm) {
        const auto same = std::find_if(
            algorithms_.begin(), algorithms_.end(),
            [&](const ForeignAlgorithm& each) { return each.name == algorithm->name; });
        manifests_.back().algorithm = static_cast<std::size_t>(same - algorithms_.begin());
        if (same == algorithms_.end()) algorithms_.push_back(*algorithm);
    }
    return manifests_.size() - 1;
}

void BagContents::add_line(std::size_t manifest, const std::string& path, std::string_view written,
                           ByteView digest_wanted, std::uint64_t line_number) {
    Entry& entry = entries_[path];
    const Manifest& list = manifests_[manifest];
    for (const Expectation& other : entry.expected) {
        if (other.manifest != manifest) continue;
        const ByteView before = ByteView(digests_).subspan(other.digest_at, digest_wanted.size());
        const bool same = std::equal(before.begin(), before.end(), digest_wanted.begin());
        const std::string where = list.file_name + ":" + std::to_string(line_number);
        if (!same) {
            add("bag.contradicting-entries", Layer::structure, Weight::failed,
                "lists a file a second time, with another digest: " + path, where);
        } else {
            add("bag.duplicate-entry", Layer::structure,
                version_.is_strict() ? Weight::failed : Weight::warning,
                "lists a file a second time: " + path, where);
        }
        return;
    }
    if (written != path) entry.written = written;
    entry.expected.push_back({static_cast<std::uint32_t>(manifest), keep(digest_wanted)});
}

void BagContents::add_fetch(const std::string& path, std::optional<std::uint64_t> size_bytes) {
    const auto found = entries_.find(path);
    if (found == entries_.end()) {
        add("bag.wrong-entry", Layer::structure, Weight::failed,
            "names a file that no payload manifest lists: " + path, std::string("fetch.txt"));
        return;
    }
    found->second.is_fetched_later = true;
    found->second.announced_bytes = size_bytes;
}

void BagContents::add_item(const BagItem& item) {
    const std::string path(item.path);
    const bool is_payload = is_payload_path(path);
    if (item.kind == BagItem::Kind::special) {
        entries_[path].is_broken = true;
        add("bag.not-a-file", Layer::structure, Weight::failed,
            "a link, device, FIFO or socket (expected nothing but files and folders)", path);
        return;
    }
    if (item.kind == BagItem::Kind::unreadable) {
        entries_[path].is_broken = true;
        add("payload.unreadable", Layer::content, Weight::failed, std::string(item.problem), path);
        return;
    }
    Entry& entry = entries_[path];
    if (is_payload && !entry.is_present) {
        payload_.octets += item.size_bytes;
        ++payload_.streams;
    }
    if (!is_payload) ++tag_files_;
    entry.is_present = true;
    compare(path, entry, item);
    if (entry.announced_bytes && *entry.announced_bytes != item.size_bytes) {
        add("bag.fetch-size", Layer::structure, Weight::warning,
            "fetch.txt announces " + std::to_string(*entry.announced_bytes) + " bytes, it has " +
                std::to_string(item.size_bytes),
            path);
    }
    if (is_known_to_all(entry)) return;
    entry.found_at = digests_.size();
    for (const Bytes& each : item.digests) keep(each);
}

void BagContents::compare(const std::string& path, const Entry& entry, const BagItem& item) {
    const bool is_payload = is_payload_path(path);
    for (const Expectation& wanted : entry.expected) {
        const Manifest& manifest = manifests_[wanted.manifest];
        if (!manifest.algorithm) continue;
        const ByteView expected = digest(wanted.digest_at, *manifest.algorithm);
        const Bytes& found = item.digests[*manifest.algorithm];
        if (std::equal(expected.begin(), expected.end(), found.begin(), found.end())) continue;
        add(is_payload ? "payload.digest-mismatch" : "bag.tag-digest-mismatch", Layer::content,
            Weight::failed,
            "the bytes are not those that " + manifest.file_name + " lists (expected " +
                algorithms_[*manifest.algorithm].name + " " + to_hex(expected) + ", found " +
                to_hex(found) + ")",
            path);
    }
}

// Then what was found is what was expected, or a finding has said so: no need to keep it.
bool BagContents::is_known_to_all(const Entry& entry) const {
    for (std::size_t i = 0; i < algorithms_.size(); ++i) {
        const bool known = std::any_of(
            entry.expected.begin(), entry.expected.end(),
            [&](const Expectation& e) { return manifests_[e.manifest].algorithm == i; });
        if (!known) return false;
    }
    return true;
}

void BagContents::settle(TagEncoding encoding) {
    find_alike();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if (!entry->second.is_present && !entry->second.is_broken) settle_missing(entry, encoding);
    }
    for (const auto& [path, entry] : entries_) {
        if (entry.is_present) settle_present(path, entry);
    }
    present_by_fold_.clear();
}

void BagContents::find_alike() {
    for (const auto& [path, entry] : entries_) {
        if (!entry.is_present) continue;
        const auto [other, is_first] = present_by_fold_.emplace(folded_name(path), path);
        if (is_first) continue;
        add("bag.names-alike", Layer::structure, Weight::warning,
            "differs from " + other->second +
                " in case or Unicode form only: on other systems they are one file",
            path);
    }
}

// Makers of bags, archivers and file systems change names on their way: percent signs, Unicode
// forms, case, the encoding of old names.
BagContents::Entries::iterator BagContents::find_under_other_name(const std::string& path,
                                                                  const Entry& entry,
                                                                  TagEncoding encoding) {
    std::vector<std::string> candidates;
    if (!entry.written.empty()) candidates.push_back(entry.written);
    candidates.push_back(decoded_bag_path(path, BagVersion{1, 0}));
    if (encoding == TagEncoding::iso_8859_1) {
        if (auto raw = to_iso_8859_1(path)) candidates.push_back(std::move(*raw));
    }
    const auto alike = present_by_fold_.find(folded_name(path));
    if (alike != present_by_fold_.end()) candidates.push_back(alike->second);
    for (const std::string& candidate : candidates) {
        const auto found = entries_.find(candidate);
        if (found != entries_.end() && found->second.is_present) return found;
    }
    return entries_.end();
}

bool BagContents::agrees(const Entry& there, const Expectation& wanted) const {
    if (!manifests_[wanted.manifest].algorithm) return true;  // only the name counts
    const std::size_t algorithm = *manifests_[wanted.manifest].algorithm;
    const ByteView expected = digest(wanted.digest_at, algorithm);
    ByteView found;
    if (there.found_at) {
        std::uint64_t at = *there.found_at;
        for (std::size_t i = 0; i < algorithm; ++i) at += algorithms_[i].digest_bytes;
        found = digest(at, algorithm);
    } else {
        for (const Expectation& each : there.expected) {
            if (manifests_[each.manifest].algorithm == algorithm) {
                found = digest(each.digest_at, algorithm);
            }
        }
    }
    return std::equal(expected.begin(), expected.end(), found.begin(), found.end());
}

void BagContents::settle_missing(Entries::iterator missing, TagEncoding encoding) {
    const auto& [path, entry] = *missing;
    const auto there = find_under_other_name(path, entry, encoding);
    if (there == entries_.end()) return report_missing(path, entry);
    add("bag.name-differs", Layer::structure, Weight::warning,
        "lies in the bag under another form of its name: " + there->first, path);
    for (const Expectation& wanted : entry.expected) {
        if (!agrees(there->second, wanted)) {
            add(is_payload_path(path) ? "payload.digest-mismatch" : "bag.tag-digest-mismatch",
                Layer::content, Weight::failed,
                "the bytes are not those that " + manifests_[wanted.manifest].file_name +
                    " lists under this form of the name",
                path);
        }
        there->second.expected.push_back(wanted);
    }
}

void BagContents::report_missing(const std::string& path, const Entry& entry) {
    if (!is_payload_path(path)) {
        add("bag.missing-tag-file", Layer::structure, Weight::failed,
            "listed in " + manifests_[entry.expected.front().manifest].file_name +
                " but not in the bag",
            path);
        return;
    }
    std::string message = "listed but not in the bag";
    if (entry.is_fetched_later) {
        message = "left out of the bag: fetch.txt says where it was (nothing is fetched here)";
    } else if (path.find('\\') != std::string::npos) {
        message += "; a path with backslashes (expected slashes, also from Windows)";
    }
    add("payload.missing", Layer::content, Weight::failed, std::move(message), path);
}

void BagContents::settle_present(const std::string& path, const Entry& entry) {
    if (!is_payload_path(path)) return settle_tag_file(path, entry);
    std::size_t lists = 0, listing = 0;
    std::string without;
    for (std::size_t i = 0; i < manifests_.size(); ++i) {
        if (manifests_[i].kind != ManifestKind::payload) continue;
        ++lists;
        const bool is_listed = std::any_of(entry.expected.begin(), entry.expected.end(),
                                           [&](const Expectation& e) { return e.manifest == i; });
        if (is_listed) {
            ++listing;
        } else if (without.empty()) {
            without = manifests_[i].file_name;
        }
    }
    if (listing == 0) {
        add("payload.unexpected", Layer::content, Weight::failed, "no payload manifest lists it",
            path);
    } else if (listing < lists) {
        add("bag.not-in-every-manifest", Layer::structure,
            version_.is_strict() ? Weight::failed : Weight::info, "is not listed in " + without,
            path);
    }
}

// Tag manifests cannot be in one; any other tag file can be changed unnoticed when it is in none.
void BagContents::settle_tag_file(const std::string& path, const Entry& entry) {
    const bool has_tag_manifest =
        std::any_of(manifests_.begin(), manifests_.end(),
                    [](const Manifest& each) { return each.kind == ManifestKind::tags; });
    const auto name = parse_manifest_name(path);
    if (!has_tag_manifest || !entry.expected.empty()) return;
    if (name && name->kind == ManifestKind::tags) return;
    add("bag.unlisted-tag-file", Layer::structure, Weight::info,
        "no tag manifest lists it: nothing to compare it with", path);
}

ByteView BagContents::digest(std::uint64_t at, std::size_t algorithm) const {
    return ByteView(digests_).subspan(at, algorithms_[algorithm].digest_bytes);
}

std::uint64_t BagContents::keep(ByteView bytes) {
    const std::uint64_t at = digests_.size();
    digests_.insert(digests_.end(), bytes.begin(), bytes.end());
    return at;
}

void BagContents::add(std::string_view code, Layer layer, Weight weight, std::string message,
                      std::string where) {
    findings_.add(std::string(code), layer, weight, std::move(message), std::move(where));
}

}  // namespace evidence
