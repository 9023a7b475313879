// evidence-hash: digests of files and trees, and lists of digests checked against files.
#include <algorithm>

#include "base/error.h"
#include "digest/sha256_lanes.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

constexpr unsigned max_threads = 256;

void setup(CLI::App& app, HashOptions& options) {
    app.add_option("--algorithm,-a", options.algorithms,
                   "Algorithms, comma separated: md5, sha1, sha256 (default), sha384, sha512, "
                   "sha3-256, blake2b512")
        ->type_name("LIST");
    app.add_flag("--recursive,-r", options.recursive, "Hash the files below folders");
    app.add_option("--include", options.include,
                   "With -r: only files that fit this pattern; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_option("--exclude", options.exclude,
                   "With -r: no files that fit this pattern; may be repeated")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_option("--files-from", options.files_from,
                   "Hash the files this list names, one a line or with a NUL behind each; - is "
                   "standard input")
        ->type_name("FILE");
    app.add_flag("--zero,-0", options.zero, "End lines with a zero byte and escape no name");
    app.add_option("--format", options.format,
                   "Form of lines: sha256sum (default), bsd (default for several algorithms), "
                   "bagit, hashdeep, jsonl, dfxml, mtree; with --pieces: atola")
        ->type_name("FORM")
        ->check(CLI::IsMember(
            {"sha256sum", "bsd", "bagit", "hashdeep", "jsonl", "dfxml", "mtree", "atola"}));
    app.add_option("--threads,-j", options.threads, "Threads (default: one per core)")
        ->type_name("N")
        ->check(CLI::Range(1u, max_threads));
    app.add_option("--engine", options.engine,
                   "How SHA-256 is computed: openssl, avx2, shani or avx512 (default: the fastest "
                   "that works here)")
        ->type_name("NAME")
        ->check(CLI::IsMember({"openssl", "avx2", "shani", "avx512"}));
    app.add_option("--check,-c", options.list, "Check the files a list names; - is standard input")
        ->type_name("LIST");
    app.add_flag("--ignore-missing", options.ignore_missing,
                 "With --check: say nothing of files that are not there");
    app.add_option("--audit", options.audit,
                   "Say which files are matched, moved, changed or new, and what is missing")
        ->type_name("LIST");
    app.add_option("--known", options.known, "Say which files are in this hash set")
        ->type_name("LIST");
    app.add_option("--index", options.index, "With --known: its sorted form (default: LIST.known)")
        ->type_name("FILE");
    app.add_option("--show", options.show, "With --known: only these files")
        ->type_name("WHICH")
        ->check(CLI::IsMember({"known", "unknown"}));
    app.add_option("--list-format", options.list_format,
                   "Form of the list of --check or --audit (default: as it begins): sha256sum, "
                   "bsd, bagit, hashdeep, jsonl, dfxml, mtree, nsrl")
        ->type_name("FORM")
        ->check(CLI::IsMember(
            {"sha256sum", "bsd", "bagit", "hashdeep", "jsonl", "dfxml", "mtree", "nsrl"}));
    app.add_option("--pieces", options.pieces, "Digests of pieces of this size")->type_name("SIZE");
    app.add_option("path", options.paths, "Files, or folders with -r; - is standard input")
        ->type_name("PATH");
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-hash --help");
}

void check_usage_of_check(const HashOptions& options) {
    if (!options.paths.empty() || !options.files_from.empty()) {
        refuse("--check takes its files from the list (expected no PATH)");
    }
    if (options.recursive || options.zero || !options.format.empty()) {
        refuse("-r, -0 and --format do not go with --check");
    }
}

bool names_folder(const HashOptions& options) {
    return std::any_of(options.paths.begin(), options.paths.end(),
                       [](const std::string& path) { return fs::is_directory(path); });
}

// What would make a whole tree missing for want of a word.
void check_usage_of_audit(const HashOptions& options) {
    if (options.paths.empty() && options.files_from.empty()) {
        refuse("--audit needs a PATH (expected what is to be audited; - is standard input)");
    }
    if (!options.recursive && names_folder(options)) {
        refuse("a folder to audit without -r (expected -r, for the files below it)");
    }
    const bool reads_stdin = options.files_from == "-" ||
                             std::count(options.paths.begin(), options.paths.end(), "-") > 0;
    if (options.audit == "-" && reads_stdin) refuse("only one of the list and PATH can be -");
}

void check_usage(const HashOptions& options) {
    const bool is_checking = options.list.has_value();
    const int ways = (is_checking ? 1 : 0) + (options.audit.empty() ? 0 : 1) +
                     (options.known.empty() ? 0 : 1) + (options.pieces.empty() ? 0 : 1);
    if (ways > 1) refuse("expected one of --check, --audit, --known and --pieces");
    if (is_checking) check_usage_of_check(options);
    if (!options.audit.empty()) check_usage_of_audit(options);
    if (!is_checking && options.ignore_missing) refuse("--ignore-missing goes with --check only");
    if (options.recursive && options.paths.empty() && options.files_from.empty()) {
        refuse("-r needs a PATH");
    }
    if (!options.recursive && (!options.include.empty() || !options.exclude.empty())) {
        refuse("--include and --exclude go with -r");
    }
    const bool prints_lines = ways == 0 || !options.pieces.empty();
    if (options.common.json && (options.zero || !options.format.empty())) {
        refuse("-0 and --format do not go with --json");
    }
    if (!prints_lines && (options.zero || !options.format.empty())) {
        refuse("-0 and --format do not go with --audit and --known");
    }
    const bool is_atola = options.format == "atola";
    if (is_atola && options.pieces.empty()) refuse("--format atola goes with --pieces");
    if (!options.pieces.empty() && !options.format.empty() && !is_atola) {
        refuse("--pieces has a form of its own, and --format atola");
    }
    if (!options.pieces.empty() &&
        (options.recursive || options.zero || !options.files_from.empty())) {
        refuse("-r, -0 and --files-from do not go with --pieces");
    }
    if (options.known.empty() && (!options.index.empty() || !options.show.empty())) {
        refuse("--index and --show go with --known");
    }
    if (!is_checking && options.audit.empty() && !options.list_format.empty()) {
        refuse("--list-format goes with --check and --audit");
    }
}

ExitCode run(const HashOptions& options) {
    check_usage(options);
    if (!options.engine.empty()) {
        choose_sha256_engine(sha256_engine_named(options.engine).value());
    }
    const Environment environment(options.common);
    const Context& context = environment.context();
    if (options.list) return run_hash_check(options, context);
    if (!options.audit.empty()) return run_hash_audit(options, context);
    if (!options.known.empty()) return run_hash_known(options, context);
    if (!options.pieces.empty()) return run_hash_pieces(options, context);
    return run_hash_lines(options, context);
}

}  // namespace
}  // namespace evidence::cli

int main(int argc, char** argv) {
    using namespace evidence::cli;
    HashOptions options;
    return run_tool(
        argc, argv, hash_tool,
        "Hash files and trees with several algorithms; check and audit lists of digests.",
        options.common, [&](CLI::App& app) { setup(app, options); }, [&] { return run(options); });
}
