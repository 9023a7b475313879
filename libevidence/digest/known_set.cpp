#include "digest/known_set.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "digest/hash_list.h"

namespace evidence {
namespace {

constexpr std::size_t sort_bytes = 32 * mib;

// What the index says of its list: another list, or another state of it, has other words.
std::string words_about(const fs::path& list) {
    struct stat status {};
    if (::stat(list.c_str(), &status) != 0) {
        throw Error(ErrorKind::not_found,
                    "cannot read: " + printable(list.native()) + " (expected a list of digests)");
    }
    return fmt::format("{} {}.{:09}", status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec);
}

std::string header_of(Algorithm algorithm, const std::string& words, std::uint64_t rows) {
    std::string header =
        fmt::format("evidence-known/1\n{}\n{}\n{}\n", name_of(algorithm), words, rows);
    header.resize(KnownSet::header_bytes, '\0');
    return header;
}

struct Header {
    Algorithm algorithm;
    std::string words;
    std::uint64_t rows = 0;
};

// nullopt when it is none.
std::optional<Header> read_header(const File& file) {
    std::string text(KnownSet::header_bytes, '\0');
    if (file.size() < text.size()) return std::nullopt;
    file.read_exactly_at({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}, 0);
    std::vector<std::string> lines;
    for (std::size_t start = 0; lines.size() < 4;) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string::npos) return std::nullopt;
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    const auto algorithm = algorithm_named(lines[1]);
    Header header{algorithm.value_or(Algorithm::sha256), lines[2], 0};
    const char* last = lines[3].data() + lines[3].size();
    const auto [stop, error] = std::from_chars(lines[3].data(), last, header.rows);
    const bool is_one = lines[0] == "evidence-known/1" && algorithm && error == std::errc() &&
                        stop == last && header.rows < (std::uint64_t{1} << 48) &&
                        file.size() == KnownSet::header_bytes + header.rows * sizeof(DigestRow);
    if (!is_one) return std::nullopt;
    return header;
}

std::optional<Header> read_header_of(const fs::path& index) {
    try {
        return read_header(File::open_read(index));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        return std::nullopt;
    }
}

struct Collected {
    std::optional<Algorithm> algorithm;
    std::unique_ptr<DigestTableWriter> rows;
};

Collected collect(const fs::path& list, std::optional<Algorithm> wanted, const Context& context,
                  const std::function<void(const ListProblem&)>& problems) {
    File file = File::open_read(list);
    LineReader lines([&file](MutableByteView buffer) { return file.read_some(buffer); },
                     list.native(), hash_list_max_line_bytes);
    ListReading reading;
    reading.untagged = wanted ? std::vector{*wanted}
                              : std::vector(untagged_algorithms.begin(), untagged_algorithms.end());
    reading.takes_bare_digests = true;
    ListReader reader(lines, reading);
    Collected collected{wanted, std::make_unique<DigestTableWriter>(context, sort_bytes)};
    while (const auto entry = reader.next()) {
        const auto* listed = std::get_if<HashListFile>(&*entry);
        if (!listed) {
            problems(std::get<ListProblem>(*entry));
            continue;
        }
        if (!collected.algorithm) collected.algorithm = strongest_algorithm(*listed);
        const ListedDigest* digest = digest_by(*listed, *collected.algorithm);
        if (digest) collected.rows->add({digest_key(from_hex(digest->hex).value()), 0});
        if (collected.rows->size() % 65536 == 0) context.check_interrupted();
    }
    return collected;
}

void make_index(const fs::path& list, const fs::path& index, const std::string& words,
                std::optional<Algorithm> wanted, const Context& context,
                const std::function<void(const ListProblem&)>& problems) {
    const Collected collected = collect(list, wanted, context, problems);
    if (!collected.algorithm || collected.rows->size() == 0) {
        throw Error(ErrorKind::malformed,
                    "no digests: " + printable(list.native()) +
                        (wanted ? fmt::format(" (expected some by {})", name_of(*wanted))
                                : " (expected a list of digests)"));
    }
    AtomicFile made(index);
    made.file().write(as_bytes(header_of(*collected.algorithm, words, collected.rows->size())));
    collected.rows->write(made.file());
    made.commit();
}

}  // namespace

KnownSet KnownSet::open(const fs::path& list, const fs::path& index,
                        std::optional<Algorithm> wanted, const Context& context,
                        const std::function<void(const ListProblem&)>& problems) {
    const std::string words = words_about(list);
    KnownSet set;
    std::optional<Header> header = read_header_of(index);
    const bool fits = header && header->words == words && (!wanted || header->algorithm == *wanted);
    if (!fits) {
        if (header) fs::remove(index);  // of another state of the list; nothing else is replaced
        make_index(list, index, words, wanted, context, problems);
        set.was_made_ = true;
        header = read_header_of(index);
    }
    set.file_ = File::open_read(index);
    header = read_header(set.file_);
    if (!header) {
        throw Error(ErrorKind::malformed, "not a hash set: " + printable(index.native()) +
                                              " (expected one that evidence-hash made)");
    }
    set.algorithm_ = header->algorithm;
    set.rows_ = header->rows;
    return set;
}

}  // namespace evidence
