// evidence-hash --pieces: digests of the pieces of files.
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/printable.h"
#include "cli/json_stream.h"
#include "cli/size_option.h"
#include "digest/piece_list.h"
#include "hash_options.h"

namespace evidence::cli {
namespace {

constexpr std::uint64_t sector_bytes = 512;

class PiecesRun {
public:
    PiecesRun(const HashOptions& options, const Context& context)
        : options_(options), context_(context), piece_bytes_(size()), algorithm_(algorithm()) {}

    ExitCode run() {
        if (options_.common.json) {
            json_.emplace(Json::object({{"algorithm", name_of(algorithm_)}}), "files");
        }
        const std::vector<std::string> paths =
            options_.paths.empty() ? std::vector<std::string>{"-"} : options_.paths;
        context_.progress.start("hashing", std::nullopt);
        for (const std::string& path : paths) add(path);
        context_.progress.finish();
        if (json_) {
            json_->finish(Json::object(
                {{"format", "evidence-hash-pieces/1"}, {"piece_bytes", piece_bytes_}}));
        }
        return ExitCode::done;
    }

private:
    std::uint64_t size() const {
        const std::optional<std::uint64_t> bytes = parse_size(options_.pieces);
        const bool is_atola = options_.format == "atola";
        if (!bytes || *bytes == 0 || (is_atola && *bytes % sector_bytes != 0)) {
            throw Error(ErrorKind::usage,
                        "unusable piece size: " + printable(options_.pieces) + " (expected " +
                            (is_atola ? "a multiple of 512 bytes)" : "a size, such as 1MiB)"));
        }
        if (is_atola && options_.paths.size() > 1) {
            throw Error(ErrorKind::usage, "--format atola names no file (expected one PATH)");
        }
        return *bytes;
    }

    Algorithm algorithm() const {
        const std::vector<Algorithm> algorithms = algorithms_of(options_);
        if (algorithms.size() > 1) {
            throw Error(ErrorKind::usage, "--pieces goes by one algorithm (expected one in -a)");
        }
        return algorithms.front();
    }

    void add(const std::string& path) {
        File file = path == "-" ? File::adopt(::dup(STDIN_FILENO), "standard input")
                                : File::open_read(path);
        list_pieces(file, piece_bytes_, algorithm_, context_, [&](const ListedPiece& piece) {
            if (json_) {
                add_json(path, piece);
            } else {
                write_output(line_of(path, piece));
            }
        });
    }

    void add_json(const std::string& path, const ListedPiece& piece) {
        Json entry = Json::object({{"digest", piece.digest_hex},
                                   {"offset_bytes", piece.offset},
                                   {"size_bytes", piece.size_bytes}});
        set_name(entry, path);
        json_->add(entry);
    }

    // Sectors for Atola, both ends belonging to the piece; else bytes, the end not.
    std::string line_of(const std::string& path, const ListedPiece& piece) const {
        const std::uint64_t end = piece.offset + piece.size_bytes;
        if (options_.format == "atola") {
            return fmt::format("{},{},{}\n", piece.digest_hex, piece.offset / sector_bytes,
                               (end + sector_bytes - 1) / sector_bytes - 1);
        }
        return fmt::format("{}  {}-{}  {}\n", piece.digest_hex, piece.offset, end, printable(path));
    }

    const HashOptions& options_;
    const Context& context_;
    std::uint64_t piece_bytes_;
    Algorithm algorithm_;
    std::optional<JsonStream> json_;
};

}  // namespace

ExitCode run_hash_pieces(const HashOptions& options, const Context& context) {
    return PiecesRun(options, context).run();
}

}  // namespace evidence::cli
