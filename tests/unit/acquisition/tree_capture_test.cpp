#include "acquisition/tree_capture.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// The index says what the tar says; only `changed` cannot be told from a tar.
void check_index(AcquireFixture& fixture) {
    const auto index = lines_of(fixture.item("X-1") / "index.jsonl");
    const auto derived = index_from_tar(fixture.item("X-1") / "tree.tar", "X-1");
    REQUIRE(index.size() == derived.size());
    for (std::size_t i = 0; i < index.size(); ++i) CHECK(index[i] == derived[i]);
    CHECK(sha256_hex(read_file(fixture.item("X-1") / "index.jsonl")) ==
          fixture.record("X-1").at("index_sha256").string());
}

Json record_named(AcquireFixture& fixture, std::string_view name) {
    for (const std::string& line : lines_of(fixture.item("X-1") / "index.jsonl")) {
        const Json record = parse_canonical(line, "index.jsonl").at("record");
        const Json* text = record.find("name");
        if (text && text->string() == name) return record;
        const Json* bytes = record.find("name_bytes");
        if (bytes && bytes->string() == to_hex(as_bytes(name))) return record;
    }
    FAIL("no entry: ", name);
    return {};
}

std::vector<Json> omissions(AcquireFixture& fixture) {
    std::vector<Json> all;
    for (const std::string& line : lines_of(fixture.item("X-1") / "omitted.jsonl")) {
        all.push_back(parse_canonical(line, "omitted.jsonl"));
    }
    return all;
}

bool is_root() { return ::geteuid() == 0; }

// Works as somebody who may not read everything, when the tests run as root.
class Unprivileged {
public:
    explicit Unprivileged(const fs::path& scratch) {
        if (!is_root()) return;
        for (const auto& entry : fs::recursive_directory_iterator(scratch)) give(entry.path());
        give(scratch);
        REQUIRE(::seteuid(nobody) == 0);
        changed_ = true;
    }
    ~Unprivileged() {
        if (changed_ && ::seteuid(0) != 0) std::abort();
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    static constexpr uid_t nobody = 65534;
    static void give(const fs::path& path) {
        REQUIRE(::lchown(path.c_str(), nobody, static_cast<gid_t>(-1)) == 0);
    }
    bool changed_ = false;
};

}  // namespace

TEST_CASE("every odd thing of a tree is captured and re-derived from the tar") {
    AcquireFixture fixture;
    const fs::path top = fixture.source();
    write_file(top / "plain", "content");
    write_file(top / "empty", "");
    write_file(top / std::string("not utf-8 \xff\xfe"), "bytes");
    write_file(top / "new\nline", "x");
    write_file(top / "control\x1b[31m", "x");
    write_file(top / "e\xcc\x81 decomposed", "nfd");
    write_file(top / "\xc3\xa9 composed", "nfc");
    write_file(top / std::string(255, 'n'), "long name");
    fs::create_directory(top / "folder");
    write_file(top / "folder/below", noise(3'000'000));
    fs::create_hard_link(top / "folder/below", top / "second name");
    fs::create_symlink("../nowhere/\xff", top / "dangling");
    fs::create_symlink("loop", top / "loop");
    fs::create_symlink(".", top / "folder/self");
    REQUIRE(::mkfifo((top / "fifo").c_str(), 0640) == 0);
    ::chmod((top / "plain").c_str(), 07755);
    fs::create_directory(top / "empty folder");

    const AcquiredItem item = fixture.acquire(top);
    CHECK(item.kind == ItemKind::tree);
    CHECK(item.complete);
    CHECK(item.account->collected == 16);
    CHECK_FALSE(fs::exists(fixture.item("X-1") / "omitted.jsonl"));
    check_index(fixture);
    CHECK(record_named(fixture, "plain").at("mode").string() == "7755");
    CHECK(record_named(fixture, "fifo").at("type").string() == "fifo");
    CHECK(record_named(fixture, "dangling").at("target_bytes").string() ==
          to_hex(as_bytes("../nowhere/\xff")));
    CHECK(record_named(fixture, "second name").at("type").string() == "hardlink");
    CHECK(record_named(fixture, "second name").at("target").string() == "folder/below");
    CHECK(record_named(fixture, "not utf-8 \xff\xfe").find("name") == nullptr);
    CHECK(record_named(fixture, "e\xcc\x81 decomposed").at("size_bytes").size() == 3);
    CHECK(record_named(fixture, "folder").at("type").string() == "directory");
}

TEST_CASE("offsets and sizes cut files out of the tar exactly") {
    AcquireFixture fixture;
    const std::string content = noise(2'500'000);
    write_file(fixture.source() / "a", content);
    write_file(fixture.source() / "b", "second");
    fixture.acquire(fixture.source());
    const std::string tar = read_file(fixture.item("X-1") / "tree.tar");
    for (const std::string& line : lines_of(fixture.item("X-1") / "index.jsonl")) {
        const Json json = parse_canonical(line, "index.jsonl");
        const std::string cut = tar.substr(json.at("at").at("offset_bytes").size(),
                                           json.at("record").at("size_bytes").size());
        CHECK(cut == (json.at("record").at("name").string() == "a" ? content : "second"));
    }
}

TEST_CASE("entries stand in byte order, folders before what is in them") {
    AcquireFixture fixture;
    for (const char* name : {"b", "a", "a-b", "B"}) {
        fs::create_directory(fixture.source() / name);
        write_file(fixture.source() / name / "z", "");
    }
    fixture.acquire(fixture.source());
    std::vector<std::string> names;
    for (const std::string& line : lines_of(fixture.item("X-1") / "index.jsonl")) {
        names.push_back(parse_canonical(line, "").at("record").at("name").string());
    }
    CHECK(names == std::vector<std::string>{"B", "B/z", "a", "a/z", "a-b", "a-b/z", "b", "b/z"});
}

TEST_CASE("an empty folder is an end-only tar without index lines") {
    AcquireFixture fixture;
    const AcquiredItem item = fixture.acquire(fixture.source());
    CHECK(item.object.size_bytes == 1024);
    CHECK(read_file(fixture.item("X-1") / "index.jsonl").empty());
    CHECK(index_from_tar(fixture.item("X-1") / "tree.tar", "X-1").empty());
}

TEST_CASE("paths deeper and longer than the system allows in one call are captured") {
    AcquireFixture fixture;
    int folder = ::open(fixture.source().c_str(), O_RDONLY | O_DIRECTORY);
    const std::string name(40, 'd');
    for (int level = 0; level < 300; ++level) {
        REQUIRE(::mkdirat(folder, name.c_str(), 0755) == 0);
        const int below = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY);
        ::close(folder);
        folder = below;
    }
    const int file = ::openat(folder, "deep", O_WRONLY | O_CREAT, 0644);
    REQUIRE(::write(file, "found", 5) == 5);
    REQUIRE(::symlinkat("deep", folder, "link") == 0);
    ::close(file);
    ::close(folder);
    const AcquiredItem item = fixture.acquire(fixture.source());
    CHECK(item.account->collected == 302);
    CHECK(item.complete);
    check_index(fixture);
}

TEST_CASE("times before 1970, of zero and far away survive the tar or are absent") {
    AcquireFixture fixture;
    const std::pair<const char*, timespec> times[] = {{"minus1.5", {-2, 500'000'000}},
                                                      {"minus0.5", {-1, 500'000'000}},
                                                      {"minus1", {-1, 0}},
                                                      {"zero", {0, 0}},
                                                      {"year2038", {0x80000000, 1}},
                                                      {"nanosecond", {1'000'000'000, 1}}};
    for (const auto& [name, time] : times) {
        write_file(fixture.source() / name, "");
        const timespec both[] = {time, time};
        REQUIRE(::utimensat(AT_FDCWD, (fixture.source() / name).c_str(), both, 0) == 0);
    }
    fixture.acquire(fixture.source());
    check_index(fixture);
    CHECK(record_named(fixture, "minus1.5").at("mtime").string() ==
          "1969-12-31T23:59:58.500000000Z");
    CHECK(record_named(fixture, "minus0.5").at("mtime").string() ==
          "1969-12-31T23:59:59.000000000Z");
    CHECK(record_named(fixture, "zero").at("mtime").string() == "1970-01-01T00:00:00.000000000Z");
    CHECK(record_named(fixture, "zero").find("atime") == nullptr);
    CHECK(record_named(fixture, "nanosecond").at("atime").string() ==
          "2001-09-09T01:46:40.000000001Z");
}

TEST_CASE("sparse files become zeros inside the tar and holes in the tar file") {
    AcquireFixture fixture;
    const fs::path sparse = fixture.source() / "sparse";
    write_file(sparse, "begin");
    REQUIRE(::truncate(sparse.c_str(), 64 << 20) == 0);
    const AcquiredItem item = fixture.acquire(fixture.source());
    check_index(fixture);
    CHECK(item.object.size_bytes > 64u << 20);
    CHECK(record_named(fixture, "sparse").at("size_bytes").size() == 64 << 20);
    struct stat status {};
    REQUIRE(::stat((fixture.item("X-1") / "tree.tar").c_str(), &status) == 0);
    CHECK(status.st_blocks * 512 < 8 << 20);
}

TEST_CASE("access times of files and folders are left alone") {
    AcquireFixture fixture;
    fs::create_directory(fixture.source() / "folder");
    write_file(fixture.source() / "folder/file", "x");
    const timespec old[] = {{1'000'000, 0}, {2'000'000, 0}};
    for (const char* name : {"folder/file", "folder"}) {
        ::utimensat(AT_FDCWD, (fixture.source() / name).c_str(), old, 0);
    }
    fixture.acquire(fixture.source());
    for (const char* name : {"folder/file", "folder"}) {
        struct stat status {};
        REQUIRE(::stat((fixture.source() / name).c_str(), &status) == 0);
        CHECK(status.st_atim.tv_sec == 1'000'000);
    }
}

TEST_CASE("extended attributes travel in the tar") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "marked";
    write_file(file, "x");
    if (::setxattr(file.c_str(), "user.origin", "web\n\0site", 9, 0) != 0) {
        MESSAGE("SKIPPED: the file system of the scratch folder has no user attributes");
        return;
    }
    CHECK(fixture.acquire(fixture.source()).complete);
    const std::string tar = read_file(fixture.item("X-1") / "tree.tar");
    using namespace std::string_literals;
    CHECK(tar.find("SCHILY.xattr.user.origin=web\n\0site\n"s) != std::string::npos);
    check_index(fixture);
}

TEST_CASE("sockets cannot stand in a tar and are listed") {
    AcquireFixture fixture;
    const int handle = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (fixture.source() / "socket").native();
    REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    REQUIRE(::bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const AcquiredItem item = fixture.acquire(fixture.source());
    ::close(handle);
    CHECK_FALSE(item.complete);
    CHECK(item.account->excluded == 1);
    CHECK(canonical(omissions(fixture).at(0)) ==
          R"({"name":"socket","reason":"excluded","rule":"a tar cannot hold sockets"})");
    CHECK(item.account->omitted_sha256 ==
          sha256_hex(read_file(fixture.item("X-1") / "omitted.jsonl")));
    CHECK(fixture.record("X-1").at("account").at("omitted_sha256").string() ==
          *item.account->omitted_sha256);
}

TEST_CASE("devices are recorded and not read") {
    AcquireFixture fixture;
    if (!is_root() ||
        ::mknod((fixture.source() / "null").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0) {
        MESSAGE("SKIPPED: making a device node needs root");
        return;
    }
    CHECK(fixture.acquire(fixture.source()).complete);
    CHECK(record_named(fixture, "null").at("type").string() == "device");
    check_index(fixture);
}

TEST_CASE("a file that cannot be read is listed with its error and the capture goes on") {
    AcquireFixture fixture;
    // Reading the start of a process's memory is an input/output error, also for root.
    AcquireRequest request = fixture.request("/proc/self/task/" + std::to_string(::getpid()));
    request.file_systems = FileSystems::all;
    const AcquiredItem item = evidence::acquire(fixture.folder, request, fixture.context);
    CHECK_FALSE(item.complete);
    CHECK(item.account->failed > 0);
    bool found = false;
    for (const Json& line : omissions(fixture)) {
        if (line.at("name").string() != "mem") continue;
        found = true;
        CHECK(canonical(line) == R"({"errno":"EIO","name":"mem","reason":"failed"})");
    }
    CHECK(found);
    CHECK(item.account->seen() ==
          item.account->collected + item.account->excluded + item.account->failed);
}

TEST_CASE("a file that shrinks while it is read is padded and marked") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "log";
    const std::string content = noise(5 << 20);
    write_file(file, content);
    fixture.progress.on_advance = [&] { REQUIRE(::truncate(file.c_str(), 2 << 20) == 0); };
    const AcquiredItem item = fixture.acquire(fixture.source());
    CHECK_FALSE(item.complete);
    CHECK(item.account->changed == 1);
    const Json record = record_named(fixture, "log");
    CHECK(record.at("size_bytes").size() == 5 << 20);
    CHECK(record.at("changed").at("size_before").size() == 5 << 20);
    CHECK(record.at("changed").at("size_after").size() == 2 << 20);
    const std::string padded = content.substr(0, 2 << 20) + std::string(3 << 20, '\0');
    CHECK(record.at("digests").at("sha256").string() == sha256_hex(padded));
    const Json omitted = omissions(fixture).at(0);
    CHECK(omitted.at("reason").string() == "changed");
    CHECK(omitted.at("size_after").size() == 2 << 20);
    // Still a tar that re-derives, but for the mark.
    const auto derived = index_from_tar(fixture.item("X-1") / "tree.tar", "X-1");
    Json unmarked = Json::object({});
    for (const auto& [key, value] : record.members()) {
        if (key != "changed") unmarked.set(key, value);
    }
    CHECK(parse_canonical(derived.at(0), "").at("record") == unmarked);
}

TEST_CASE("a file that grows while it is read is cut and marked") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "log";
    const std::string content = noise(3 << 20);
    write_file(file, content);
    bool grown = false;
    fixture.progress.on_advance = [&] {
        if (grown) return;
        grown = true;
        File more = File::adopt(::open(file.c_str(), O_WRONLY | O_APPEND), "log");
        more.write(as_bytes("more"));
    };
    const AcquiredItem item = fixture.acquire(fixture.source());
    CHECK(item.account->changed == 1);
    const Json record = record_named(fixture, "log");
    CHECK(record.at("digests").at("sha256").string() == sha256_hex(content));
    CHECK(record.at("changed").at("size_after").size() == (3 << 20) + 4);
}

TEST_CASE("a file without a size that has content is marked, not taken for empty") {
    AcquireFixture fixture;
    AcquireRequest request = fixture.request("/proc/self/task/" + std::to_string(::getpid()));
    request.file_systems = FileSystems::all;
    const AcquiredItem item = evidence::acquire(fixture.folder, request, fixture.context);
    CHECK(record_named(fixture, "status").at("size_bytes").size() == 0);
    CHECK(record_named(fixture, "status").at("changed").at("size_after").size() > 0);
    CHECK_FALSE(item.complete);
}

TEST_CASE("what may not be read is listed with its error, the rest is captured") {
    AcquireFixture fixture;
    fs::create_directory(fixture.source() / "closed");
    write_file(fixture.source() / "closed/inside", "x");
    write_file(fixture.source() / "open", "x");
    write_file(fixture.source() / "secret", "x");
    const Unprivileged guard(fixture.scratch.path());
    ::chmod((fixture.source() / "closed").c_str(), 0);
    ::chmod((fixture.source() / "secret").c_str(), 0);
    const AcquiredItem item = fixture.acquire(fixture.source());
    ::chmod((fixture.source() / "closed").c_str(), 0700);
    CHECK_FALSE(item.complete);
    CHECK(item.account->collected == 2);  // the folder itself, and `open`
    CHECK(item.account->failed == 2);
    CHECK(item.account->seen() == 4);
    CHECK(canonical(omissions(fixture).at(0)) ==
          R"({"errno":"EACCES","name":"closed","part":"list","reason":"failed"})");
    CHECK(canonical(omissions(fixture).at(1)) ==
          R"({"errno":"EACCES","name":"secret","reason":"failed"})");
    check_index(fixture);
}

TEST_CASE("an interrupted capture leaves nothing") {
    AcquireFixture fixture;
    write_file(fixture.source() / "a", noise(3 << 20));
    fixture.progress.on_advance = [&] { fixture.interrupted = true; };
    const Error error = fixture.failure_of(fixture.request(fixture.source()));
    CHECK(error.kind() == ErrorKind::interrupted);
    CHECK(fixture.item_names().empty());
    CHECK(fixture.last_event().type == "acquire_failed");
}
