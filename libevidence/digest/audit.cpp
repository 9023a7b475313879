#include "digest/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"

namespace evidence {
namespace {

constexpr std::size_t pending_bytes = 256 * kib;
constexpr std::size_t sort_bytes = 8 * mib;

constexpr std::uint64_t no_size = ~std::uint64_t{0};
constexpr std::size_t max_cursors = 65536;

struct EntryHead {
    std::uint64_t number;
    std::uint64_t name_bytes;
    std::uint64_t size_bytes;
    std::uint64_t algorithm;
    DigestKey digest;
};

std::string_view plain(std::string_view name) {
    while (name.starts_with("./") && name.size() > 2) name.remove_prefix(2);
    return name;
}

DigestKey name_key(std::string_view name) { return sha256(plain(name)); }

}  // namespace

std::string_view name_of(AuditAnswer answer) {
    switch (answer) {
        case AuditAnswer::matched:
            return "matched";
        case AuditAnswer::moved:
            return "moved";
        case AuditAnswer::changed:
            return "changed";
        case AuditAnswer::added:
            return "new";
        case AuditAnswer::missing:
            return "missing";
    }
    return "";
}

std::string sentence_about(const AuditedFile& file) {
    switch (file.answer) {
        case AuditAnswer::matched:
            return fmt::format("{}: matched: name and content are in the list", file.name);
        case AuditAnswer::moved:
            return fmt::format("{}: moved: the list has this content as {}", file.name,
                               file.listed_as);
        case AuditAnswer::changed:
            return fmt::format("{}: changed: the list has another content of this name", file.name);
        case AuditAnswer::added:
            return fmt::format("{}: new: neither name nor content is in the list", file.name);
        case AuditAnswer::missing:
            return fmt::format("{}: missing: neither name nor content was found", file.name);
    }
    return {};
}

Audit::Audit(const Context& context, ListReader& list, Sink sink, const ProblemSink& problems)
    : context_(context),
      sink_(std::move(sink)),
      entries_(File::create_unnamed(context.scratch_folder)),
      tables_(File::create_unnamed(context.scratch_folder)) {
    read(list, problems);
    seen_.resize(listed_);
}

void Audit::read(ListReader& list, const ProblemSink& problems) {
    DigestTableWriter names(context_, sort_bytes), contents(context_, sort_bytes);
    while (const auto entry = list.next()) {
        if (const auto* problem = std::get_if<ListProblem>(&*entry)) {
            problems(*problem);
            continue;
        }
        const HashListFile& file = std::get<HashListFile>(*entry);
        const std::uint64_t place = entries_bytes_ + pending_.size();
        names.add({name_key(file.name), place});
        contents.add({add(file), place});
    }
    if (listed_ == 0) {
        throw Error(ErrorKind::malformed, "the list names no file (expected files with digests)");
    }
    write_pending();
    names.write(tables_);
    contents.write(tables_);
    by_name_ = DigestTable(tables_, 0, names.size());
    by_content_ = DigestTable(tables_, names.size() * sizeof(DigestRow), contents.size());
}

// Returns the key of its digest.
DigestKey Audit::add(const HashListFile& file) {
    const Algorithm algorithm = strongest_algorithm(file);
    algorithms_.add(algorithm);
    const DigestKey key = digest_key(from_hex(digest_by(file, algorithm)->hex).value());
    const std::string_view name = plain(file.name);
    const EntryHead head{listed_++, name.size(), file.size_bytes.value_or(no_size),
                         static_cast<std::uint64_t>(algorithm), key};
    pending_.append(reinterpret_cast<const char*>(&head), sizeof head);
    pending_ += name;
    if (pending_.size() >= pending_bytes) write_pending();
    return key;
}

void Audit::write_pending() {
    entries_.write(as_bytes(pending_));
    entries_bytes_ += pending_.size();
    pending_.clear();
}

Audit::Listed Audit::listed_at(std::uint64_t place) const {
    EntryHead head;
    entries_.read_exactly_at({reinterpret_cast<std::uint8_t*>(&head), sizeof head}, place);
    Listed listed{head.number, head.size_bytes, static_cast<Algorithm>(head.algorithm), head.digest,
                  std::string(head.name_bytes, '\0')};
    entries_.read_exactly_at(
        {reinterpret_cast<std::uint8_t*>(listed.name.data()), listed.name.size()},
        place + sizeof head);
    return listed;
}

// All entries of this name, in the order of the list.
void Audit::visit_listed(std::string_view name,
                         const std::function<void(const Listed& listed)>& visit) const {
    const DigestKey key = name_key(name);
    const std::optional<std::uint64_t> first = by_name_.find(key);
    if (!first) return;
    for (std::uint64_t number = *first; number < by_name_.rows(); ++number) {
        const DigestRow row = by_name_.row(number);
        if (row.key != key) break;
        visit(listed_at(row.place));
    }
}

bool Audit::is_first_of_name(std::string_view name, std::uint64_t place) const {
    return by_name_.row(by_name_.find(name_key(name)).value()).place == place;
}

bool Audit::agrees(const Listed& listed, const HashedFile& file) const {
    const bool has_size =
        listed.size_bytes == no_size || listed.size_bytes == file.digests.size_bytes;
    return has_size && digest_key(file.digests.of(listed.algorithm)) == listed.digest;
}

void Audit::answer(AuditAnswer answer, std::string_view name, std::string_view listed_as) {
    switch (answer) {
        case AuditAnswer::matched:
            ++summary_.matched;
            break;
        case AuditAnswer::moved:
            ++summary_.moved;
            break;
        case AuditAnswer::changed:
            ++summary_.changed;
            break;
        case AuditAnswer::added:
            ++summary_.added;
            break;
        case AuditAnswer::missing:
            ++summary_.missing;
            break;
    }
    sink_({answer, name, listed_as});
}

// A name that is listed twice matches when all that is listed of it does.
bool Audit::take_by_name(const HashedFile& file) {
    bool is_listed = false, is_same = true;
    visit_listed(file.name, [&](const Listed& listed) {
        is_listed = true;
        is_same = is_same && agrees(listed, file);
        seen_[listed.number] = true;
    });
    if (is_listed) answer(is_same ? AuditAnswer::matched : AuditAnswer::changed, file.name);
    return is_listed;
}

// Of several files with this content, the first that was not seen yet has moved; when all were
// seen, the first of them was copied, which is no other answer.
bool Audit::take_by_content(const HashedFile& file, Algorithm algorithm) {
    const DigestKey key = digest_key(file.digests.of(algorithm));
    Cursor* const cursor = cursor_at(algorithm, key);
    if (!cursor) return false;
    for (; cursor->next < by_content_.rows(); ++cursor->next) {
        const DigestRow row = by_content_.row(cursor->next);
        if (row.key != key) break;
        const Listed listed = listed_at(row.place);
        if (!is_origin(listed, row.place, file)) continue;
        if (!cursor->origin) cursor->origin = row.place;
        if (seen_[listed.number]) continue;
        visit_listed(listed.name, [this](const Listed& same) { seen_[same.number] = true; });
        answer(AuditAnswer::moved, file.name, listed.name);
        return true;
    }
    if (!cursor->origin) return false;
    answer(AuditAnswer::moved, file.name, listed_at(*cursor->origin).name);
    return true;
}

// Whether all that the list says of this name is so of the file. Asked once for each name.
bool Audit::is_origin(const Listed& listed, std::uint64_t place, const HashedFile& file) const {
    if (!agrees(listed, file) || !is_first_of_name(listed.name, place)) return false;
    bool is_same = true;
    visit_listed(listed.name, [&](const Listed& same) { is_same = is_same && agrees(same, file); });
    return is_same;
}

// Where to go on among the files of this content, so that many of the same are not walked through
// again for each; nullptr when there is none.
Audit::Cursor* Audit::cursor_at(Algorithm algorithm, const DigestKey& key) {
    const auto found = cursors_.find({algorithm, key});
    if (found != cursors_.end()) return &found->second;
    const std::optional<std::uint64_t> first = by_content_.find(key);
    if (!first) return nullptr;
    if (cursors_.size() == max_cursors) cursors_.clear();
    return &cursors_.emplace(std::pair{algorithm, key}, Cursor{*first, std::nullopt}).first->second;
}

void Audit::take(const HashedFile& file) {
    if (take_by_name(file)) return;
    for (const Algorithm algorithm : algorithms_by_strength) {
        if (algorithms_.contains(algorithm) && take_by_content(file, algorithm)) return;
    }
    answer(AuditAnswer::added, file.name);
}

void Audit::take_unreadable(std::string_view name) {
    visit_listed(name, [this](const Listed& listed) { seen_[listed.number] = true; });
}

AuditSummary Audit::finish() {
    for (std::uint64_t place = 0; place < entries_bytes_;) {
        context_.check_interrupted();
        const Listed listed = listed_at(place);
        const bool is_missing = !seen_[listed.number] && is_first_of_name(listed.name, place);
        place += sizeof(EntryHead) + listed.name.size();
        if (is_missing) answer(AuditAnswer::missing, listed.name);
    }
    return summary_;
}

}  // namespace evidence
