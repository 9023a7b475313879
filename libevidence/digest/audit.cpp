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

struct EntryHead {
    std::uint64_t number;
    std::uint64_t name_bytes;
    DigestKey digest;
};

std::string_view plain(std::string_view name) {
    while (name.starts_with("./") && name.size() > 2) name.remove_prefix(2);
    return name;
}

// The next file of a list, with what the lines behind it say of the same name.
class MergedList {
public:
    MergedList(ListReader& list, const Audit::ProblemSink& problems)
        : list_(list), problems_(problems) {
        waiting_ = next_line();
    }
    std::optional<HashListFile> next() {
        if (!waiting_) return std::nullopt;
        HashListFile file = std::move(*waiting_);
        while ((waiting_ = next_line()) && waiting_->name == file.name && !waiting_->size_bytes) {
            if (digest_by(file, waiting_->digests.front().algorithm)) break;
            file.digests.push_back(waiting_->digests.front());
        }
        return file;
    }

private:
    std::optional<HashListFile> next_line() {
        while (auto entry = list_.next()) {
            if (auto* file = std::get_if<HashListFile>(&*entry)) return std::move(*file);
            problems_(std::get<ListProblem>(*entry));
        }
        return std::nullopt;
    }

    ListReader& list_;
    const Audit::ProblemSink& problems_;
    std::optional<HashListFile> waiting_;
};

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
    name_seen_.resize(listed_);
    content_seen_.resize(listed_);
}

void Audit::read(ListReader& list, const ProblemSink& problems) {
    DigestTableWriter names(context_, sort_bytes), contents(context_, sort_bytes);
    MergedList merged(list, problems);
    while (const std::optional<HashListFile> file = merged.next()) {
        if (listed_ == 0) algorithm_ = strongest_algorithm(*file);
        const ListedDigest* digest = digest_by(*file, algorithm_);
        if (!digest) {
            problems({0, "a digest by the algorithm of the first file"});
            continue;
        }
        const std::string name(plain(file->name));
        const EntryHead head{listed_++, name.size(), digest_key(from_hex(digest->hex).value())};
        const std::uint64_t place = entries_bytes_ + pending_.size();
        pending_.append(reinterpret_cast<const char*>(&head), sizeof head);
        pending_ += name;
        if (pending_.size() >= pending_bytes) write_pending();
        names.add({sha256(name), place});
        contents.add({head.digest, place});
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

void Audit::write_pending() {
    entries_.write(as_bytes(pending_));
    entries_bytes_ += pending_.size();
    pending_.clear();
}

Audit::Listed Audit::listed_at(std::uint64_t place) const {
    EntryHead head;
    entries_.read_exactly_at({reinterpret_cast<std::uint8_t*>(&head), sizeof head}, place);
    Listed listed{head.number, head.digest, std::string(head.name_bytes, '\0')};
    entries_.read_exactly_at(
        {reinterpret_cast<std::uint8_t*>(listed.name.data()), listed.name.size()},
        place + sizeof head);
    return listed;
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

// A name that is listed twice matches when one of its contents does.
bool Audit::take_by_name(std::string_view name, const DigestKey& digest) {
    bool is_listed = false, is_same = false;
    for (const std::uint64_t place : by_name_.places_of(sha256(std::string(plain(name))))) {
        const Listed listed = listed_at(place);
        is_listed = true;
        is_same = is_same || listed.digest == digest;
        name_seen_[listed.number] = true;
    }
    if (is_listed) answer(is_same ? AuditAnswer::matched : AuditAnswer::changed, name);
    return is_listed;
}

// Of several files with this content, the first that was not seen yet has moved.
bool Audit::take_by_content(std::string_view name, const DigestKey& digest) {
    std::optional<Listed> chosen;
    for (const std::uint64_t place : by_content_.places_of(digest)) {
        Listed listed = listed_at(place);
        const bool is_free = !name_seen_[listed.number] && !content_seen_[listed.number];
        if (!chosen || is_free) chosen = std::move(listed);
        if (is_free) break;
    }
    if (!chosen) return false;
    content_seen_[chosen->number] = true;
    answer(AuditAnswer::moved, name, chosen->name);
    return true;
}

void Audit::take(const HashedFile& file) {
    const DigestKey digest = digest_key(file.digests.of(algorithm_));
    if (take_by_name(file.name, digest) || take_by_content(file.name, digest)) return;
    answer(AuditAnswer::added, file.name);
}

AuditSummary Audit::finish() {
    for (std::uint64_t place = 0; place < entries_bytes_;) {
        context_.check_interrupted();
        const Listed listed = listed_at(place);
        place += sizeof(EntryHead) + listed.name.size();
        if (name_seen_[listed.number] || content_seen_[listed.number]) continue;
        answer(AuditAnswer::missing, listed.name);
    }
    return summary_;
}

}  // namespace evidence
