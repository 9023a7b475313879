#include "hash_options.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/error.h"
#include "base/printable.h"

namespace evidence::cli {
namespace {

constexpr unsigned max_threads = 256;
constexpr std::uint64_t max_shown_lines = 10;  // that are no checksum lines; all are counted
constexpr std::size_t name_max_bytes = 64 * 1024;
constexpr std::size_t block_bytes = 64 * 1024;

bool is_folder(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

File open_list(const std::string& path) {
    return path == "-" ? File::adopt(::dup(STDIN_FILENO), "standard input") : File::open_read(path);
}

// Names one per line; or, when the first block has a NUL, one before each NUL, so that every name
// can be said: then NUL and newline change places on their way to the lines.
class NameList {
public:
    explicit NameList(const std::string& path)
        : file_(open_list(path)),
          lines_([this](MutableByteView buffer) { return read(buffer); }, file_.name(),
                 name_max_bytes) {
        first_.resize(block_bytes);
        first_.resize(
            file_.read_some({reinterpret_cast<std::uint8_t*>(first_.data()), first_.size()}));
        has_nul_ = first_.find('\0') != std::string::npos;
    }

    std::optional<std::string> next() {
        while (const auto line = lines_.next()) {
            std::string name(*line);
            if (has_nul_) swap(name);
            if (!name.empty()) return name;
        }
        return std::nullopt;
    }

private:
    static void swap(std::span<char> text) {
        for (char& c : text) c = c == '\0' ? '\n' : c == '\n' ? '\0' : c;
    }

    std::size_t read(MutableByteView buffer) {
        std::size_t count = std::min(buffer.size(), first_.size() - position_);
        if (count > 0) {
            std::copy_n(first_.begin() + static_cast<std::ptrdiff_t>(position_), count,
                        buffer.begin());
            position_ += count;
        } else {
            count = file_.read_some(buffer);
        }
        if (has_nul_) swap({reinterpret_cast<char*>(buffer.data()), count});
        return count;
    }

    File file_;
    LineReader lines_;
    std::string first_;
    std::size_t position_ = 0;
    bool has_nul_ = false;
};

}  // namespace

unsigned threads_of(const HashOptions& options) {
    if (options.threads > 0) return options.threads;
    return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads);
}

std::vector<Algorithm> algorithms_of(const HashOptions& options) {
    return parse_algorithm_list(options.algorithms.value_or("sha256"));
}

HashInputs::HashInputs(const HashOptions& options) : options_(options) {
    for (const std::string& pattern : options.include) selection_.include.emplace_back(pattern);
    for (const std::string& pattern : options.exclude) selection_.exclude.emplace_back(pattern);
}

void HashInputs::add_to(HashQueue& queue, AlgorithmSet algorithms) const {
    for (const std::string& path : options_.paths) add(queue, path, algorithms);
    if (!options_.files_from.empty()) {
        NameList names(options_.files_from);
        while (const auto name = names.next()) add(queue, *name, algorithms);
    } else if (options_.paths.empty()) {
        queue.add_stream(STDIN_FILENO, "-", algorithms);
    }
}

void HashInputs::add(HashQueue& queue, const std::string& path, AlgorithmSet algorithms) const {
    if (path == "-") {
        queue.add_stream(STDIN_FILENO, path, algorithms);
    } else if (options_.recursive && is_folder(path)) {
        queue.add_tree(path, algorithms, &selection_);
    } else {
        queue.add_path(path, algorithms);
    }
}

void HashComplaints::add(const HashedFile& file, bool is_silent) {
    switch (file.outcome) {
        case FileOutcome::skipped_symlink:
            ++links_;
            break;
        case FileOutcome::skipped_special:
            ++special_;
            break;
        default:
            ++unreadable_;
    }
    if (!is_silent) say(file);
}

void HashComplaints::say(const HashedFile& file) const {
    const std::string problem = describe_problem(file);
    if (file.outcome == FileOutcome::skipped_symlink) {
        if (options_.common.verbose) print_warning(hash_tool, problem);
    } else if (file.outcome == FileOutcome::skipped_special) {
        if (!options_.common.quiet) print_warning(hash_tool, problem);
    } else {
        const bool is_plain_folder = file.outcome == FileOutcome::folder && !options_.recursive;
        print_error(hash_tool, Error(ErrorKind::io, problem,
                                     is_plain_folder ? "-r hashes the files below it" : ""));
    }
}

void HashComplaints::say_links() const {
    if (links_ == 0 || options_.common.quiet || options_.common.verbose) return;
    print_warning(hash_tool,
                  fmt::format("{} symbolic link{} not followed (--verbose names {})", links_,
                              links_ == 1 ? " was" : "s were", links_ == 1 ? "it" : "them"));
}

ListReading reading_of(const HashOptions& options) {
    ListReading reading;
    if (!options.list_format.empty()) reading.format = list_format_named(options.list_format);
    if (options.algorithms) reading.untagged = parse_algorithm_list(*options.algorithms);
    return reading;
}

OpenedList::OpenedList(const HashOptions& options, const std::string& path)
    : name_(path == "-" ? "standard input" : path), file_(open_list(path)) {
    lines_.emplace([this](MutableByteView buffer) { return file_.read_some(buffer); }, name_,
                   hash_list_max_line_bytes);
    reader_.emplace(*lines_, reading_of(options));
}

void OpenedList::problem(std::string_view line, std::string_view expected) {
    if (++problems_ > max_shown_lines) return;
    print_warning(hash_tool,
                  fmt::format("no checksum line: {} line {} (expected {})", name_, line, expected));
}

void OpenedList::require_lines(std::uint64_t proper) const {
    if (proper > 0) return;
    throw Error(ErrorKind::malformed,
                "no checksum lines: " + name_ +
                    " (expected lines of sha256sum or hashdeep, BSD lines with a tag, JSON lines, "
                    "DFXML or mtree)");
}

}  // namespace evidence::cli
