#include "base/sorted_walk.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "test_context.h"

namespace evidence {
namespace {

struct Unreadable {
    std::string path;
    int error_number;
    bool operator==(const Unreadable&) const = default;
};

// Notes what it is shown and looks at each entry through the descriptor it is given.
class Notes : public TreeVisitor {
public:
    std::vector<std::string> paths;
    std::vector<Unreadable> failures;
    std::function<Descend(const WalkEntry&)> decide = [](const WalkEntry&) { return Descend::yes; };

    Descend visit(const WalkEntry& entry) override {
        struct stat status {};
        CHECK(::fstatat(entry.folder_fd, entry.name, &status, AT_SYMLINK_NOFOLLOW) == 0);
        CHECK(type_of(status.st_mode) == entry.type);
        if (entry.status) CHECK(entry.status->st_ino == status.st_ino);
        CHECK(entry.path.ends_with(entry.name));
        paths.emplace_back(entry.path);
        return decide(entry);
    }
    void unreadable(std::string_view path, int error_number) override {
        failures.push_back({std::string(path), error_number});
    }

private:
    static WalkType type_of(mode_t mode) {
        if (S_ISREG(mode)) return WalkType::file;
        if (S_ISDIR(mode)) return WalkType::folder;
        if (S_ISLNK(mode)) return WalkType::symlink;
        return WalkType::other;
    }
};

void walk(const fs::path& root, TreeVisitor& visitor, WalkDetail detail = WalkDetail::status) {
    const File folder = File::open_read(root);
    sorted_walk(folder.fd(), detail, visitor);
}

void make_file(const fs::path& path) { File::create_new(path); }

// Works as another user where this one is root and would be let in everywhere.
class AsNobody {
public:
    AsNobody() {
        if (::geteuid() == 0) CHECK(::seteuid(65534) == 0);
    }
    ~AsNobody() {
        if (::getuid() == 0) CHECK(::seteuid(0) == 0);
    }
};

}  // namespace

TEST_CASE("names come in byte order, a folder before what is in it") {
    test::TemporaryFolder folder;
    fs::create_directories(folder / "sub/deep");
    fs::create_directory(folder / "empty");
    for (const char* name : {"sub.txt", "sub/b", "sub/a", "Z", "a", "B", "\xff", "\xc3\xa9", "a b",
                             "new\nline", "sub/deep/x", ".hidden", "-", "sub-"}) {
        make_file(folder / name);
    }
    fs::create_symlink("sub", folder / "link");
    fs::create_symlink("nowhere", folder / "dangling");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    for (WalkDetail detail : {WalkDetail::names, WalkDetail::status}) {
        Notes notes;
        walk(folder.path(), notes, detail);
        CHECK(notes.paths == std::vector<std::string>{"-",     ".hidden", "B",         "Z",
                                                      "a",     "a b",     "dangling",  "empty",
                                                      "fifo",  "link",    "new\nline", "sub",
                                                      "sub/a", "sub/b",   "sub/deep",  "sub/deep/x",
                                                      "sub-",  "sub.txt", "\xc3\xa9",  "\xff"});
        CHECK(notes.failures.empty());
    }
}

TEST_CASE("an empty folder has nothing to visit") {
    test::TemporaryFolder folder;
    Notes notes;
    walk(folder.path(), notes);
    CHECK(notes.paths.empty());
    CHECK(notes.failures.empty());
}

TEST_CASE("the visitor decides where to go in") {
    test::TemporaryFolder folder;
    fs::create_directories(folder / "a/x");
    fs::create_directories(folder / "b/x");
    Notes notes;
    notes.decide = [](const WalkEntry& entry) {
        return entry.path == "a" ? Descend::no : Descend::yes;
    };
    walk(folder.path(), notes);
    CHECK(notes.paths == std::vector<std::string>{"a", "b", "b/x"});
}

TEST_CASE("the same folder can be walked twice over one descriptor") {
    test::TemporaryFolder folder;
    make_file(folder / "a");
    const File root = File::open_read(folder.path());
    for (int i = 0; i < 2; ++i) {
        Notes notes;
        sorted_walk(root.fd(), WalkDetail::names, notes);
        CHECK(notes.paths.size() == 1);
    }
}

TEST_CASE("a random tree comes out as sorting all its paths part by part") {
    test::TemporaryFolder folder;
    std::mt19937 random(3);
    std::vector<fs::path> folders = {folder.path()};
    std::vector<std::vector<std::string>> expected;
    for (int i = 0; i < 1500; ++i) {
        const fs::path parent = folders[random() % folders.size()];
        std::string name;
        for (std::size_t length = 1 + random() % 3; length > 0; --length) {
            name += "ab-./ A\x01\xfe"[random() % 4 == 0 ? 5 : random() % 9];
        }
        std::replace(name.begin(), name.end(), '/', '0');
        if (name == "." || name == ".." || fs::exists(fs::symlink_status(parent / name))) continue;
        if (random() % 4 == 0) {
            fs::create_directory(parent / name);
            folders.push_back(parent / name);
        } else {
            make_file(parent / name);
        }
        std::vector<std::string> parts;
        for (const fs::path& part : (parent / name).lexically_relative(folder.path())) {
            parts.push_back(part.native());
        }
        expected.push_back(parts);
    }
    std::sort(expected.begin(), expected.end());
    Notes notes;
    walk(folder.path(), notes, WalkDetail::names);
    REQUIRE(notes.paths.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        std::string path;
        for (const std::string& part : expected[i]) path += (path.empty() ? "" : "/") + part;
        if (notes.paths[i] != path) CHECK(notes.paths[i] == path);
    }
}

TEST_CASE("a folder of many names is read in full") {
    test::TemporaryFolder folder;
    constexpr int count = 20'000;
    for (int i = 0; i < count; ++i) {
        make_file(folder / std::to_string(i));
    }
    Notes notes;
    walk(folder.path(), notes, WalkDetail::names);
    CHECK(notes.paths.size() == count);
    CHECK(std::is_sorted(notes.paths.begin(), notes.paths.end()));
}

TEST_CASE("depth is bounded by neither descriptors nor PATH_MAX") {
    test::TemporaryFolder folder;
    constexpr int levels = 1500;
    const std::string name(20, 'n');
    File at = File::open_read(folder.path());
    for (int level = 0; level < levels; ++level) {
        REQUIRE(::mkdirat(at.fd(), name.c_str(), 0700) == 0);
        // Beside each step down something that comes after it: the way back up must be found.
        REQUIRE(::mkdirat(at.fd(), "z", 0700) == 0);
        at = File::adopt(::openat(at.fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "");
        REQUIRE(at.is_open());
    }
    at.close();
    Notes notes;
    walk(folder.path(), notes);
    CHECK(notes.failures.empty());
    REQUIRE(notes.paths.size() == 2 * levels);
    CHECK(notes.paths[levels - 1].size() == levels * (name.size() + 1) - 1);
    CHECK(notes.paths[levels].ends_with("/z"));
    CHECK(notes.paths.back() == "z");
}

TEST_CASE("a path beyond the limit is said and not entered") {
    test::TemporaryFolder folder;
    const std::string name(255, 'n');
    File at = File::open_read(folder.path());
    for (std::size_t level = 0; level < walk_max_path_bytes / name.size() + 10; ++level) {
        REQUIRE(::mkdirat(at.fd(), name.c_str(), 0700) == 0);
        at = File::adopt(::openat(at.fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "");
        REQUIRE(at.is_open());
    }
    at.close();
    Notes notes;
    walk(folder.path(), notes);
    CHECK(notes.paths.size() == walk_max_path_bytes / (name.size() + 1));
    REQUIRE(notes.failures.size() == 1);
    CHECK(notes.failures[0].error_number == ENAMETOOLONG);
}

TEST_CASE("what cannot be read is said and the rest still visited") {
    test::TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms::all);
    fs::create_directories(folder / "a/hidden");
    fs::create_directories(folder / "b");
    make_file(folder / "c");
    fs::permissions(folder / "a", fs::perms::none);
    if (::getuid() == 0) REQUIRE(::chown((folder / "a").c_str(), 0, 0) == 0);
    {
        const AsNobody nobody;
        Notes notes;
        walk(folder.path(), notes, WalkDetail::names);
        CHECK(notes.paths == std::vector<std::string>{"a", "b", "c"});
        CHECK(notes.failures == std::vector<Unreadable>{{"a", EACCES}});
    }
    fs::permissions(folder / "a", fs::perms::owner_all);
}

TEST_CASE("a folder one may list but not search gives names and no status") {
    test::TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms::all);
    fs::create_directory(folder / "a");
    make_file(folder / "a/x");
    fs::permissions(folder / "a",
                    fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    {
        const AsNobody nobody;
        Notes notes;
        notes.decide = [](const WalkEntry&) { return Descend::yes; };
        walk(folder.path(), notes, WalkDetail::status);
        CHECK(notes.paths == std::vector<std::string>{"a"});
        CHECK(notes.failures == std::vector<Unreadable>{{"a/x", EACCES}});
    }
    fs::permissions(folder / "a", fs::perms::owner_all);
}

TEST_CASE("a folder swapped for a link is not followed") {
    test::TemporaryFolder folder;
    fs::create_directories(folder / "tree/a");
    fs::create_directories(folder / "outside/secret");
    Notes notes;
    notes.decide = [&](const WalkEntry& entry) {
        if (entry.path == "a") {
            fs::remove(folder / "tree/a");
            fs::create_directory_symlink("../outside", folder / "tree/a");
        }
        return Descend::yes;
    };
    walk(folder / "tree", notes);
    CHECK(notes.paths == std::vector<std::string>{"a"});
    REQUIRE(notes.failures.size() == 1);
    CHECK(notes.failures[0].path == "a");
}

TEST_CASE("what vanishes during the walk is said") {
    test::TemporaryFolder folder;
    make_file(folder / "a");
    make_file(folder / "b");
    fs::create_directory(folder / "c");
    Notes notes;
    notes.decide = [&](const WalkEntry& entry) {
        if (entry.path == "a") fs::remove(folder / "b");
        if (entry.path == "c") fs::remove(folder / "c");
        return Descend::yes;
    };
    walk(folder.path(), notes);
    CHECK(notes.paths == std::vector<std::string>{"a", "c"});
    CHECK(notes.failures == std::vector<Unreadable>{{"b", ENOENT}, {"c", ENOENT}});
}

// The walk has closed the far ancestors by then; going back through ".." would lead elsewhere.
TEST_CASE("a folder moved away below the walk loses nothing silently") {
    test::TemporaryFolder folder;
    fs::create_directories(folder / "tree");
    fs::create_directories(folder / "elsewhere");
    fs::path path = folder / "tree";
    for (std::size_t level = 0; level < walk_open_folders + 20; ++level) {
        fs::create_directory(path / "z");
        path /= "n";
        fs::create_directory(path);
    }
    bool moved = false;
    Notes notes;
    notes.decide = [&](const WalkEntry& entry) {
        // At the bottom, with the first levels closed already: take the third level elsewhere.
        if (!moved && entry.path.size() == 2 * (walk_open_folders + 20) - 1) {
            moved = true;
            fs::rename(folder / "tree/n/n/n", folder / "elsewhere/n");
        }
        return Descend::yes;
    };
    const File root = File::open_read(folder / "tree");
    std::vector<std::string> failed;
    class Lenient : public TreeVisitor {
    public:
        explicit Lenient(Notes& inner) : inner_(inner) {}
        Descend visit(const WalkEntry& entry) override {
            inner_.paths.emplace_back(entry.path);
            return inner_.decide(entry);
        }
        void unreadable(std::string_view path, int error_number) override {
            inner_.unreadable(path, error_number);
        }

    private:
        Notes& inner_;
    } lenient(notes);
    sorted_walk(root.fd(), WalkDetail::names, lenient);
    CHECK(moved);
    // "z" of the first two levels below the root was not visited, and that was said for each.
    CHECK(notes.failures == std::vector<Unreadable>{{"n/n", ESTALE}, {"n", ESTALE}});
    CHECK(std::count(notes.paths.begin(), notes.paths.end(), "n/n/z") == 0);
    CHECK(notes.paths.back() == "z");
}

TEST_CASE("a visitor's exception ends the walk and comes through") {
    test::TemporaryFolder folder;
    make_file(folder / "a");
    make_file(folder / "b");
    Notes notes;
    notes.decide = [](const WalkEntry&) -> Descend { throw std::runtime_error("enough"); };
    CHECK_THROWS_WITH(walk(folder.path(), notes), "enough");
    CHECK(notes.paths.size() == 1);
}

}  // namespace evidence
