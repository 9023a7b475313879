#include <unistd.h>

#include <map>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "package/package_layout.h"
#include "verification/archive_pass.h"
#include "verification/bag_declaration.h"
#include "verification/bag_source.h"

namespace evidence {
namespace {

// Tag files are kept beside until all of the archive was seen; so many and so large at most.
constexpr std::size_t max_tag_files = 100;
constexpr std::uint64_t max_tag_file_bytes = 4 * gib;

std::string_view top_of(std::string_view path) { return path.substr(0, path.find('/')); }

// Digests of one entry by all algorithms asked for.
class EntryHasher {
public:
    explicit EntryHasher(const std::vector<ForeignAlgorithm>& algorithms)
        : algorithms_(algorithms), own_(own_of(algorithms)) {
        for (const ForeignAlgorithm& algorithm : algorithms) {
            if (!algorithm.own) foreign_.emplace_back(algorithm);
        }
    }

    void update(ByteView bytes) {
        own_.update(bytes);
        for (ForeignHasher& hasher : foreign_) hasher.update(bytes);
    }

    void finish(std::vector<Bytes>& digests) {
        const DigestSet own = own_.finish();
        std::size_t next_foreign = 0;
        digests.resize(algorithms_.size());
        for (std::size_t i = 0; i < algorithms_.size(); ++i) {
            digests[i] = algorithms_[i].own ? from_hex(own.at(*algorithms_[i].own)).value()
                                            : foreign_[next_foreign++].finish();
        }
    }

private:
    static std::vector<Algorithm> own_of(const std::vector<ForeignAlgorithm>& algorithms) {
        std::vector<Algorithm> own;
        for (const ForeignAlgorithm& algorithm : algorithms) {
            if (algorithm.own) own.push_back(*algorithm.own);
        }
        return own;
    }

    const std::vector<ForeignAlgorithm>& algorithms_;
    MultiHasher own_;
    std::vector<ForeignHasher> foreign_;
};

class BagArchive : public BagSource {
public:
    BagArchive(const File& file, const Context& context) : file_(file), context_(context) {}

    // The first pass: names, and the tag files themselves. False when this is no archive of a bag.
    bool look_through(Findings& findings) {
        ArchivePass pass(file_, context_);
        if (!pass.next()) return false;
        form_ = pass.form();
        do {
            note_entry(pass);
        } while (pass.next());
        if (names_.contains(std::string(manifest_001)) || !find_base()) return false;
        findings.append(findings_);
        report_end(pass, findings);
        report_layout(findings);
        is_open_ = pass.end() == ArchivePass::End::complete && !is_encrypted_;
        if (is_encrypted_) {
            findings.add("bag.archive-encrypted", Layer::structure, Weight::indeterminate,
                         "entries of the archive are encrypted (expected it unlocked)");
        }
        return true;
    }

    std::string form() const override { return form_; }
    bool has_payload_folder() const override { return payload_folders_.contains(base_); }
    bool was_package() const override { return names_.contains(base_ + std::string(manifest_001)); }
    const std::set<std::string, std::less<>>& tag_files() const override { return tag_files_; }

    File open_tag_file(const std::string& name) const override {
        const File& spool = spools_.at(base_ + name);
        const int fd = ::dup(spool.fd());
        if (fd < 0) throw_errno("cannot open", name);
        return File::adopt(fd, name);
    }

    bool read_all(const std::vector<ForeignAlgorithm>& algorithms, const Sink& sink,
                  Findings& findings) override {
        if (!is_open_) return false;  // the first pass has said why
        ArchivePass pass(file_, context_);
        EntryHasher hasher(algorithms);
        std::vector<Bytes> digests;
        while (pass.next()) {
            if (!pass.path() || !pass.path()->starts_with(base_)) continue;
            if (pass.type() == ArchivePass::Type::folder) continue;
            BagItem item{std::string_view(*pass.path()).substr(base_.size()),
                         BagItem::Kind::special,
                         {},
                         0,
                         digests};
            if (pass.type() == ArchivePass::Type::file) {
                const bool whole = pass.read([&](ByteView bytes) {
                    hasher.update(bytes);
                    item.size_bytes += bytes.size();
                });
                hasher.finish(digests);
                if (pass.end() != ArchivePass::End::none) break;
                item.kind = whole ? BagItem::Kind::file : BagItem::Kind::unreadable;
                item.problem = pass.problem();
            }
            sink(item);
        }
        report_end(pass, findings);
        return pass.end() == ArchivePass::End::complete;
    }

private:
    void note_entry(ArchivePass& pass) {
        if (!pass.path()) {
            findings_.add("bag.path-outside", Layer::structure, Weight::failed,
                          "an entry of the archive that would be unpacked elsewhere", pass.name());
            return;
        }
        const std::string& path = *pass.path();
        const bool is_folder = pass.type() == ArchivePass::Type::folder;
        if (path.empty()) return;  // "./", the folder it was made in
        note_payload_folder(path, is_folder);
        if (tops_.size() < max_tag_files) tops_.emplace(top_of(path));
        if (is_folder) return;
        if (!names_.insert(path).second) {
            findings_.add("bag.duplicate-name", Layer::structure, Weight::failed,
                          "twice in the archive: which of them is unpacked is anybody's guess",
                          path);
        }
        if (pass.is_encrypted()) is_encrypted_ = true;
        if (pass.type() != ArchivePass::Type::file) return;
        const std::string_view below = std::string_view(path).substr(path.find('/') + 1);
        if (is_bag_tag_name(below) && candidates_.size() < max_tag_files) {
            candidates_.insert(path);
            if (!pass.is_encrypted()) spool(pass, path);
        } else if (!pass.can_skip() && !pass.is_encrypted()) {
            pass.read([](ByteView) {});
        }
    }

    // X of every X/data and X/data/..., with its slash; empty for data itself.
    void note_payload_folder(const std::string& path, bool is_folder) {
        for (const std::size_t start : {std::size_t{0}, path.find('/') + 1}) {
            const std::string_view rest = std::string_view(path).substr(start);
            if (rest.starts_with("data/") || (rest == "data" && is_folder)) {
                payload_folders_.insert(path.substr(0, start));
            }
        }
    }

    void spool(ArchivePass& pass, const std::string& path) {
        File file = File::create_unnamed(context_.scratch_folder);
        std::uint64_t bytes = 0;
        const bool whole = pass.read([&](ByteView piece) {
            bytes += piece.size();
            if (bytes <= max_tag_file_bytes) file.write(piece);
        });
        if (whole && bytes <= max_tag_file_bytes) {
            spools_.insert_or_assign(path, std::move(file));
        } else {
            findings_.add("bag.malformed-tag-file", Layer::structure, Weight::failed,
                          whole ? "larger than any such file" : pass.problem(), path);
        }
    }

    // Where the bag lies in the archive: the folder with a declaration, else with any tag file.
    bool find_base() {
        const std::string* best = nullptr;
        for (const std::string& path : candidates_) {
            const bool declares = path.ends_with(bag_declaration_name);
            if (!best || (declares && (!best->ends_with(bag_declaration_name) ||
                                       best->find('/') == std::string::npos))) {
                best = &path;
            }
        }
        if (!best) return false;
        base_ = best->substr(0, best->find('/') + 1);
        for (const auto& [path, spool] : spools_) {
            if (path.starts_with(base_) && path.find('/', base_.size()) == std::string::npos) {
                tag_files_.insert(path.substr(base_.size()));
            }
        }
        return true;
    }

    void report_layout(Findings& findings) const {
        if (base_.empty()) {
            findings.add("bag.serialized-layout", Layer::structure, Weight::failed,
                         "the archive was made inside the base folder (expected one folder that "
                         "holds everything)");
            return;
        }
        const std::string base = base_.substr(0, base_.size() - 1);
        if (names_.contains(base)) {
            findings.add("bag.serialized-layout", Layer::structure, Weight::failed,
                         "the base folder has the name of something that is no folder", base);
        }
        for (const std::string& top : tops_) {
            if (top == base) continue;
            findings.add("bag.serialized-layout", Layer::structure, Weight::failed,
                         "beside the base folder of the bag (expected nothing else)", top);
        }
        const std::string file_name = fs::path(file_.name()).filename().native();
        if (!file_name.starts_with(base + ".")) {
            findings.add("bag.serialized-name", Layer::structure, Weight::warning,
                         "the archive is not named after the base folder in it", base_);
        }
    }

    static void report_end(const ArchivePass& pass, Findings& findings) {
        const auto add = [&](std::string_view code, Weight weight) {
            findings.add(std::string(code), Layer::structure, weight, pass.problem());
        };
        switch (pass.end()) {
            case ArchivePass::End::none:
            case ArchivePass::End::complete:
                break;
            case ArchivePass::End::damaged:
                return add("bag.archive-damaged", Weight::failed);
            case ArchivePass::End::too_large:
                return add("bag.archive-expansion", Weight::indeterminate);
        }
    }

    const File& file_;
    const Context& context_;
    Findings findings_;  // until it is known that this is a bag
    std::string form_, base_;
    std::set<std::string> names_, candidates_, payload_folders_;
    std::set<std::string, std::less<>> tops_, tag_files_;
    std::map<std::string, File> spools_;
    bool is_open_ = false, is_encrypted_ = false;
};

}  // namespace

std::unique_ptr<BagSource> open_bag_archive(const File& file, const Context& context,
                                            Findings& findings) {
    auto bag = std::make_unique<BagArchive>(file, context);
    if (!bag->look_through(findings)) return nullptr;
    return bag;
}

}  // namespace evidence
