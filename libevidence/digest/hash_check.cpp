#include "digest/hash_check.h"

#include <unistd.h>

#include <cerrno>

#include "base/hex.h"
#include "digest/hash_queue.h"

namespace evidence {
namespace {

// What travels with a file through the queue: its algorithm, one byte, and the digest expected.
std::string remark_of(const HashLine& line) {
    return static_cast<char>(line.algorithm) + line.digest_hex;
}

CheckResult result_of(const HashedFile& file, bool same) {
    if (file.outcome == FileOutcome::hashed) {
        return same ? CheckResult::matches : CheckResult::differs;
    }
    const bool is_missing = file.outcome == FileOutcome::unreadable &&
                            (file.error_number == ENOENT || file.error_number == ENOTDIR);
    return is_missing ? CheckResult::missing : CheckResult::unreadable;
}

CheckedFile check(const HashedFile& file) {
    CheckedFile checked;
    checked.name = file.name;
    checked.algorithm = static_cast<Algorithm>(file.remark[0]);
    checked.expected_hex = file.remark.substr(1);
    if (file.outcome == FileOutcome::hashed) {
        checked.found_hex = to_hex(file.digests.of(checked.algorithm));
    } else {
        checked.problem = describe_problem(file);
    }
    checked.result = result_of(file, checked.found_hex == checked.expected_hex);
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

HashCheckSummary check_hash_list(const Context& context, LineReader& list,
                                 const std::vector<Algorithm>& untagged, unsigned threads,
                                 const HashCheckSinks& sinks) {
    HashCheckSummary summary;
    HashQueue queue(context, threads, [&](const HashedFile& file) {
        if (file.outcome == FileOutcome::note) {
            ++summary.improper_lines;
            sinks.improper_line(file.name, file.remark);
            return;
        }
        const CheckedFile checked = check(file);
        count(summary, checked.result);
        sinks.file(checked);
    });
    while (const auto text = list.next()) {
        if (is_hash_list_comment(*text)) continue;
        const auto parsed = parse_hash_line(*text, untagged);
        if (const auto* problem = std::get_if<HashLineProblem>(&parsed)) {
            queue.add_note(std::to_string(list.line_number()), problem->expected);
            continue;
        }
        const HashLine& line = std::get<HashLine>(parsed);
        const AlgorithmSet algorithm({line.algorithm});
        if (line.name == "-") {
            queue.add_stream(STDIN_FILENO, line.name, algorithm, remark_of(line));
        } else {
            queue.add_path(line.name, algorithm, remark_of(line));
        }
    }
    queue.finish();
    return summary;
}

}  // namespace evidence
