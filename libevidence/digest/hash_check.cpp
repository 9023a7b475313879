#include "digest/hash_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/hex.h"
#include "digest/hash_queue.h"

namespace evidence {
namespace {

// What travels with a file through the queue: its size in the list, if it has one there, and a
// blank; then for each digest its algorithm, one byte, and the hex.
std::string remark_of(const HashListFile& file) {
    std::string remark = file.size_bytes ? std::to_string(*file.size_bytes) : "";
    remark += ' ';
    for (const ListedDigest& digest : file.digests) {
        remark += static_cast<char>(digest.algorithm);
        remark += digest.hex;
    }
    return remark;
}

// Takes the size off the remark. Empty unless the file has another.
std::string take_size(const HashedFile& file, std::string_view& remark) {
    const std::string_view size = remark.substr(0, remark.find(' '));
    remark.remove_prefix(size.size() + 1);
    const std::string found = std::to_string(file.digests.size_bytes);
    if (file.outcome != FileOutcome::hashed || size.empty() || size == found) return {};
    return fmt::format("another size: {} has {} bytes (expected {})", file.name, found, size);
}

CheckResult result_of(const HashedFile& file, bool same) {
    if (file.outcome == FileOutcome::hashed) {
        return same ? CheckResult::matches : CheckResult::differs;
    }
    const bool is_missing = file.outcome == FileOutcome::unreadable &&
                            (file.error_number == ENOENT || file.error_number == ENOTDIR);
    return is_missing ? CheckResult::missing : CheckResult::unreadable;
}

// Takes the first digest off the remark.
CheckedFile check(const HashedFile& file, const std::string& size_problem,
                  std::string_view& remark) {
    CheckedFile checked;
    checked.name = file.name;
    checked.algorithm = static_cast<Algorithm>(remark[0]);
    checked.expected_hex = remark.substr(1, 2 * digest_bytes(checked.algorithm));
    remark.remove_prefix(1 + checked.expected_hex.size());
    checked.problem = size_problem;
    if (file.outcome == FileOutcome::hashed) {
        checked.found_hex = to_hex(file.digests.of(checked.algorithm));
    } else {
        checked.problem = describe_problem(file);
    }
    checked.result =
        result_of(file, size_problem.empty() && checked.found_hex == checked.expected_hex);
    return checked;
}

void count(HashCheckSummary& summary, CheckResult result) {
    switch (result) {
        case CheckResult::matches:
            ++summary.matching;
            break;
        case CheckResult::differs:
            ++summary.differing;
            break;
        case CheckResult::missing:
            ++summary.missing;
            break;
        case CheckResult::unreadable:
            ++summary.unreadable;
            break;
    }
}

}  // namespace

std::string_view name_of(CheckResult result) {
    switch (result) {
        case CheckResult::matches:
            return "matches";
        case CheckResult::differs:
            return "differs";
        case CheckResult::missing:
            return "missing";
        case CheckResult::unreadable:
            return "unreadable";
    }
    return "";
}

HashCheckSummary check_hash_list(const Context& context, ListReader& list,
                                 const HashChecking& checking, const HashCheckSinks& sinks) {
    HashCheckSummary summary;
    HashQueue queue(context, checking.threads, [&](const HashedFile& file) {
        if (file.outcome == FileOutcome::note) {
            ++summary.improper_lines;
            sinks.improper_line(file.name, file.remark);
            return;
        }
        std::string_view remark = file.remark;
        const std::string size_problem = take_size(file, remark);
        while (!remark.empty()) {
            const CheckedFile checked = check(file, size_problem, remark);
            count(summary, checked.result);
            sinks.file(checked);
        }
    });
    while (const auto entry = list.next()) {
        if (const auto* problem = std::get_if<ListProblem>(&*entry)) {
            queue.add_note(std::to_string(problem->line), problem->expected);
            continue;
        }
        const HashListFile& file = std::get<HashListFile>(*entry);
        if (file.name == "-" && checking.list_is_stdin) {
            queue.add_note(std::to_string(list.line()), "a file other than the list itself");
            continue;
        }
        AlgorithmSet algorithms;
        for (const ListedDigest& digest : file.digests) algorithms.add(digest.algorithm);
        if (file.name == "-") {
            queue.add_stream(STDIN_FILENO, file.name, algorithms, remark_of(file));
        } else {
            queue.add_path(file.name, algorithms, remark_of(file));
        }
    }
    queue.finish();
    return summary;
}

}  // namespace evidence
