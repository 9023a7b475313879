#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/folder.h"
#include "digest/hash_queue.h"
#include "package/package_layout.h"
#include "verification/bag_declaration.h"
#include "verification/bag_fetch.h"
#include "verification/bag_info.h"
#include "verification/bag_manifest.h"
#include "verification/bag_source.h"

namespace evidence {
namespace {

constexpr unsigned max_threads = 64;
constexpr std::size_t foreign_read_bytes = 256 * kib;

// The status of the entry itself, not of what a link leads to; nullopt when it is gone.
std::optional<mode_t> mode_of(const fs::path& entry) {
    struct stat status {};
    if (::lstat(entry.c_str(), &status) != 0) return std::nullopt;
    return status.st_mode;
}

class BagFolder : public BagSource {
public:
    BagFolder(const fs::path& folder, const Context& context) : folder_(folder), context_(context) {
        visit_folder(folder_, [&](const fs::path& entry) {
            const auto mode = mode_of(entry);
            const std::string name = entry.filename().native();
            if (mode && S_ISREG(*mode) && is_bag_tag_name(name)) tag_files_.insert(name);
            if (mode && S_ISDIR(*mode) && name == "data") has_payload_folder_ = true;
        });
    }

    std::string form() const override { return "folder"; }
    bool has_payload_folder() const override { return has_payload_folder_; }
    bool was_package() const override { return name_is_taken(folder_ / manifest_001); }
    const std::set<std::string, std::less<>>& tag_files() const override { return tag_files_; }

    File open_tag_file(const std::string& name) const override {
        return File::open_regular(folder_ / name);
    }

    bool read_all(const std::vector<ForeignAlgorithm>& algorithms, const Sink& sink,
                  Findings& findings) override {
        AlgorithmSet own;
        for (const ForeignAlgorithm& algorithm : algorithms) {
            if (algorithm.own) own.add(*algorithm.own);
        }
        if (std::none_of(algorithms.begin(), algorithms.end(),
                         [](const ForeignAlgorithm& each) { return each.own.has_value(); })) {
            own.add(Algorithm::sha256);  // for the sizes: a hasher needs something to do
        }
        bool complete = true;
        const std::string root = folder_.native();
        HashQueue queue(context_, std::clamp(std::thread::hardware_concurrency(), 1u, max_threads),
                        [&](const HashedFile& file) {
                            if (file.name == root) {
                                complete = false;
                                findings.add("payload.unreadable", Layer::content, Weight::failed,
                                             describe_problem(file));
                                return;
                            }
                            hand_on(file, algorithms, sink);
                        });
        queue.add_tree(root, own);
        queue.finish();
        return complete;
    }

private:
    void hand_on(const HashedFile& file, const std::vector<ForeignAlgorithm>& algorithms,
                 const Sink& sink) {
        std::string_view path = file.name.substr(folder_.native().size());
        path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
        BagItem item{path, BagItem::Kind::file, {}, file.digests.size_bytes, digests_};
        std::string problem;
        if (file.outcome == FileOutcome::hashed) {
            collect_digests(file, algorithms, problem);
            if (!problem.empty()) item.kind = BagItem::Kind::unreadable;
        } else if (file.outcome == FileOutcome::unreadable) {
            problem = describe_problem(file);
            item.kind = BagItem::Kind::unreadable;
        } else {
            item.kind = BagItem::Kind::special;
        }
        item.problem = problem;
        sink(item);
    }

    void collect_digests(const HashedFile& file, const std::vector<ForeignAlgorithm>& algorithms,
                         std::string& problem) {
        digests_.resize(algorithms.size());
        bool all_own = true;
        for (std::size_t i = 0; i < algorithms.size(); ++i) {
            if (!algorithms[i].own) {
                all_own = false;
                continue;
            }
            const ByteView digest = file.digests.of(*algorithms[i].own);
            digests_[i].assign(digest.begin(), digest.end());
        }
        if (!all_own) read_again(file.name, algorithms, problem);
    }

    // Rare algorithms: the file is read once more for them.
    void read_again(std::string_view name, const std::vector<ForeignAlgorithm>& algorithms,
                    std::string& problem) try {
        File file = File::open_regular(fs::path(name));
        std::vector<std::pair<std::size_t, ForeignHasher>> hashers;
        for (std::size_t i = 0; i < algorithms.size(); ++i) {
            if (!algorithms[i].own) hashers.emplace_back(i, ForeignHasher(algorithms[i]));
        }
        Bytes buffer(foreign_read_bytes);
        while (const std::size_t count = file.read_some(buffer)) {
            context_.check_interrupted();
            for (auto& each : hashers) each.second.update(ByteView(buffer).first(count));
        }
        for (auto& each : hashers) digests_[each.first] = each.second.finish();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        problem = error.message();
    }

    const fs::path folder_;
    const Context& context_;
    std::set<std::string, std::less<>> tag_files_;
    bool has_payload_folder_ = false;
    std::vector<Bytes> digests_;
};

}  // namespace

bool is_bag_tag_name(std::string_view file_name) {
    return file_name == bag_declaration_name || file_name == bag_info_name ||
           file_name == package_info_name || file_name == fetch_file_name ||
           parse_manifest_name(file_name).has_value();
}

bool looks_like_bag(const fs::path& folder) {
    bool found = false;
    visit_folder(folder, [&](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (name != fetch_file_name && is_bag_tag_name(name)) found = true;
    });
    return found;
}

std::unique_ptr<BagSource> open_bag_folder(const fs::path& folder, const Context& context) {
    return std::make_unique<BagFolder>(folder, context);
}

}  // namespace evidence
