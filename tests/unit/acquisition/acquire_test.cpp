#include "acquisition/acquire.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include "acquisition/acquire_fixture.h"
#include "acquisition/item_files.h"
#include "digest/pieces.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::string pieces_of(std::string_view content) {
    std::string lines;
    PieceHasher hasher([&lines](const Sha256& piece) { lines += to_hex(piece) + "\n"; });
    hasher.update(as_bytes(content));
    hasher.finish();
    return lines;
}

}  // namespace

TEST_CASE("a file is copied, hashed, cut into pieces, recorded and entered in the ledger") {
    AcquireFixture fixture;
    const std::string content = noise(2'250'000);
    const fs::path file = fixture.source() / "disk.img";
    write_file(file, content);
    AcquireRequest request = fixture.request(file);
    request.algorithms = {Algorithm::md5, Algorithm::sha512};
    request.description = "blue stick";
    request.note = "label torn";
    request.write_blocker = "T35u";
    request.source_clock_offset_ms = -3'600'000;
    const AcquiredItem item = acquire(fixture.folder, request, fixture.context);

    CHECK(item.kind == ItemKind::file);
    CHECK(item.complete);
    CHECK(item.event_seq == 1);
    CHECK(read_file(fixture.item("X-1") / "file.bin") == content);
    CHECK(read_file(fixture.item("X-1") / "pieces.txt") == pieces_of(content));
    const std::string document = read_file(fixture.item("X-1") / "acquisition.json");
    CHECK(sha256_hex(document) == item.acquisition_sha256);
    const AcquisitionRecord record = parse_acquisition_record(document, "acquisition.json");
    CHECK(record.size_bytes == content.size());
    CHECK(record.digests.size() == 3);
    CHECK(record.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(record.pieces_root == item.object.pieces_root);
    CHECK(record.source_member.string() == fs::canonical(file).native());
    CHECK(record.document.at("clock").at("offset_ms").integer() == -3'600'000);
    CHECK(record.document.at("description").string() == "blue stick");
    CHECK(record.document.at("write_blocker").string() == "T35u");
    CHECK(record.document.at("place").string() == "Ha Noi");
    CHECK(record.document.at("read_back").string() == "passed");
    CHECK(record.document.at("operator").at("name").string() == "Lan");
    CHECK(record.document.at("source").at("mtime").is_string());

    const Event event = fixture.last_event();
    CHECK(event.type == "acquire");
    CHECK(event.items == std::vector<std::string>{"X-1"});
    CHECK(event.digests_after.at("X-1") == record.digests);
    CHECK(event.detail.at("acquisition_sha256").string() == item.acquisition_sha256);
    CHECK(event.detail.at("method").string() == "file");
    CHECK(event.detail.at("size_bytes").size() == content.size());
    CHECK(event.detail.at("tool").at("name").string() == "evidence-acquire");
    const auto row = fixture.folder.ledger().find_item("X-1");
    REQUIRE(row);
    CHECK(row->acquire_seq == 1);
    CHECK(row->acquisition_sha256 == item.acquisition_sha256);
    CHECK(row->key != ItemKey{});
    for (const auto& entry : fs::directory_iterator(fixture.item("X-1"))) {
        struct stat status {};
        REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0600);
    }
}

TEST_CASE("objects of one piece or less have no pieces and no root") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20}) {
        CAPTURE(size);
        AcquireFixture fixture;
        write_file(fixture.source() / "f", noise(size));
        const AcquiredItem item = fixture.acquire(fixture.source() / "f");
        CHECK(item.object.size_bytes == size);
        CHECK_FALSE(item.object.pieces_root);
        CHECK_FALSE(fs::exists(fixture.item("X-1") / "pieces.txt"));
        CHECK(fixture.record("X-1").find("pieces_root") == nullptr);
    }
}

TEST_CASE("sizes around the piece and buffer borders come out whole") {
    for (const std::size_t size :
         {(std::size_t{1} << 20) + 1, (std::size_t{4} << 20) - 1, std::size_t{4} << 20}) {
        CAPTURE(size);
        AcquireFixture fixture;
        const std::string content = noise(size);
        write_file(fixture.source() / "f", content);
        fixture.acquire(fixture.source() / "f");
        CHECK(read_file(fixture.item("X-1") / "file.bin") == content);
        CHECK(read_file(fixture.item("X-1") / "pieces.txt") == pieces_of(content));
    }
}

TEST_CASE("a sparse source gives the digest of its full content and a sparse object") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "sparse";
    write_file(file, noise(100));
    REQUIRE(::truncate(file.c_str(), (40 << 20) + 77) == 0);
    const AcquiredItem item = fixture.acquire(file);
    std::string content = noise(100);
    content.resize((40 << 20) + 77);
    CHECK(item.object.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(read_file(fixture.item("X-1") / "pieces.txt") == pieces_of(content));
    struct stat status {};
    REQUIRE(::stat((fixture.item("X-1") / "file.bin").c_str(), &status) == 0);
    CHECK(status.st_size == (40 << 20) + 77);
    CHECK(status.st_blocks * 512 < 4 << 20);
    CHECK(item.object.zeros.runs == 1);
    CHECK(item.object.zeros.longest_bytes == (40 << 20) + 77 - 512);
}

TEST_CASE("ids: the default is the next free one, taken and wrong ones are refused") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    AcquireRequest request = fixture.request(fixture.source() / "f");
    request.item_id.reset();
    CHECK(acquire(fixture.folder, request, fixture.context).id == "ITEM-001");
    fs::create_directory(fixture.item("item-002"));  // in the way, whatever its case
    CHECK(acquire(fixture.folder, request, fixture.context).id == "ITEM-003");
    request.item_id = "item-001";
    const Error taken = fixture.failure_of(request);
    CHECK(taken.kind() == ErrorKind::exists);
    request.item_id = "../outside";
    CHECK(fixture.failure_of(request).kind() == ErrorKind::usage);
    CHECK(fixture.last_event().type == "acquire");  // refusals are no events
}

TEST_CASE("an item folder that the ledger does not know is not touched and is named") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    fs::create_directory(fixture.item("X-1"));
    write_file(fixture.item("X-1") / "file.bin", "kept");
    const Error error = fixture.failure_of(fixture.request(fixture.source() / "f"));
    CHECK(error.kind() == ErrorKind::exists);
    CHECK(error.message().find(fixture.item("X-1").native()) != std::string::npos);
    CHECK(error.hint().find("move the folder") != std::string::npos);
    CHECK(read_file(fixture.item("X-1") / "file.bin") == "kept");
}

TEST_CASE("what a killed acquisition left is named in a warning and kept") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    const fs::path leftover = fixture.folder.folder() / "items/.X-1.partial-abc123";
    fs::create_directory(leftover);
    const AcquiredItem item = fixture.acquire(fixture.source() / "f");
    REQUIRE(item.warnings.size() == 1);
    CHECK(item.warnings[0].find(".X-1.partial-abc123") != std::string::npos);
    CHECK(fs::exists(leftover));
    CHECK(fixture.record("X-1").at("warnings").items().size() == 1);
}

TEST_CASE("a read error names byte and sector, leaves nothing and is recorded") {
    AcquireFixture fixture;
    AcquireRequest request = fixture.request("/proc/self/mem");
    const Error error = fixture.failure_of(request);
    CHECK(error.kind() == ErrorKind::io);
    CHECK(error.message().find("Input/output error at byte 0, sector 0") != std::string::npos);
    CHECK(fixture.item_names().empty());
    const Event event = fixture.last_event();
    CHECK(event.type == "acquire_failed");
    CHECK(event.items.empty());
    CHECK(event.detail.at("item").string() == "X-1");
    CHECK(event.detail.at("error").string() == error.message());
    CHECK_FALSE(fixture.folder.ledger().item_id_taken("X-1"));
}

TEST_CASE("what a caller's progress sink throws is recorded as a failed acquisition too") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "content");
    fixture.progress.on_advance = [] { throw std::runtime_error("the terminal went away"); };
    CHECK_THROWS_AS(
        acquire(fixture.folder, fixture.request(fixture.source() / "f"), fixture.context),
        std::runtime_error);
    CHECK(fixture.item_names().empty());
    const Event event = fixture.last_event();
    CHECK(event.type == "acquire_failed");
    CHECK(event.detail.at("error").string() == "the terminal went away");
}

TEST_CASE("a source that is cut, grows or vanishes while it is read is refused") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "f";
    const auto fails_with = [&](const std::string& what, const std::function<void()>& change) {
        write_file(file, noise(3 << 20));
        bool done = false;
        fixture.progress.on_advance = [&] {
            if (!done) change();
            done = true;
        };
        const Error error = fixture.failure_of(fixture.request(file));
        CHECK(error.kind() == ErrorKind::io);
        CHECK_MESSAGE(error.message().find(what) != std::string::npos, error.message());
        CHECK(fixture.item_names().empty());
    };
    fails_with("changed size while it was read",
               [&] { REQUIRE(::truncate(file.c_str(), 1 << 20) == 0); });
    fails_with("grew while it was read", [&] {
        File more = File::adopt(::open(file.c_str(), O_WRONLY | O_APPEND), "f");
        more.write(as_bytes("more"));
    });
    fails_with("vanished while it was read", [&] { fs::remove(file); });
    fails_with("vanished while it was read", [&] {
        fs::remove(file);
        write_file(file, noise(3 << 20));
    });
}

TEST_CASE("a source written to without a change of size is taken with a warning") {
    AcquireFixture fixture;
    const fs::path file = fixture.source() / "f";
    write_file(file, noise(3 << 20));
    bool done = false;
    fixture.progress.on_advance = [&] {
        if (done) return;
        done = true;
        const timespec old[] = {{1, 0}, {1, 0}};
        ::utimensat(AT_FDCWD, file.c_str(), old, 0);
    };
    const AcquiredItem item = fixture.acquire(file);
    CHECK_FALSE(item.complete);
    CHECK(item.warnings.at(0).find("written to while it was read") != std::string::npos);
    // For those who verify, who see no warnings of ours.
    const Json account = fixture.record("X-1").at("account");
    CHECK(account.at("changed").integer() == 1);
    CHECK(account.at("seen").integer() == 1);
}

TEST_CASE("a destination that takes no more bytes leaves what can be resumed, and no item") {
    AcquireFixture fixture;
    // So much that something is behind all who work on it when the writer is stopped.
    const std::string content = noise(64 << 20);
    write_file(fixture.source() / "f", content);
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small { 56 << 20, before.rlim_max };
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const Error error = fixture.failure_of(fixture.request(fixture.source() / "f"));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(error.kind() == ErrorKind::io);
    CHECK(error.message().find("file.bin (File too large)") != std::string::npos);
    REQUIRE(fixture.item_names().size() == 1);
    CHECK(fixture.item_names()[0].starts_with(".X-1.partial-"));
    CHECK(fixture.last_event().type == "acquire_failed");
    CHECK(fixture.last_event().detail.at("resumable_bytes").integer() > 0);
    AcquireRequest again = fixture.request(fixture.source() / "f");
    again.resume = true;
    const AcquiredItem item = evidence::acquire(fixture.folder, again, fixture.context);
    CHECK(item.resumptions.size() == 1);
    CHECK(read_file(fixture.item("X-1") / "file.bin") == content);
    CHECK(item.object.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(fixture.item_names() == std::vector<std::string>{"X-1"});
}

TEST_CASE("what fails between the last byte and the record keeps what was read") {
    AcquireFixture fixture;
    const std::string content = noise(3 << 20);
    write_file(fixture.source() / "f", content);
    AcquireRequest request = fixture.request(fixture.source() / "f");
    fixture.progress.on_finish = [&] {
        const fs::path partial = fixture.folder.folder() / "items" / fixture.item_names().at(0);
        write_file(partial / "acquisition.json", "in the way");
        fixture.progress.on_finish = nullptr;
    };
    const Error error = fixture.failure_of(request);
    CHECK(error.kind() == ErrorKind::exists);
    CHECK(fixture.last_event().type == "acquire_failed");
    CHECK(fixture.last_event().detail.at("resumable_bytes").integer() == 3 << 20);
    REQUIRE(fixture.item_names().size() == 1);
    request.resume = true;
    const AcquiredItem item = evidence::acquire(fixture.folder, request, fixture.context);
    CHECK(item.object.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(fixture.item_names() == std::vector<std::string>{"X-1"});
}

TEST_CASE("an acquisition can be stopped wherever it is resumed, and is whole in the end") {
    AcquireFixture fixture;
    const std::string content = noise(100 << 20);
    write_file(fixture.source() / "f", content);
    AcquireRequest request = fixture.request(fixture.source() / "f");
    request.checkpoint_bytes = mib;
    std::uint64_t until_stop = 0;
    std::string stage;
    fixture.progress.on_advance = [&] {
        if (!fixture.progress.started.back().starts_with(stage) || until_stop == 0) return;
        if (--until_stop == 0) fixture.interrupted = true;
    };
    const auto stop_at = [&](const std::string& where, std::uint64_t advances) {
        stage = where;
        until_stop = advances;
        CHECK(fixture.failure_of(request).kind() == ErrorKind::interrupted);
        fixture.interrupted = false;
        REQUIRE(fixture.item_names().size() == 1);
    };
    stop_at("acquiring", 80);
    request.resume = true;
    stop_at("comparing", 1);
    stop_at("acquiring", 2);   // while it reads what is there
    stop_at("acquiring", 96);  // behind it
    stop_at("acquiring", 1);
    stop_at("reading back", 1);
    const fs::path left = fixture.folder.folder() / "items" / fixture.item_names()[0];
    write_file(left / "map", "of an acquisition that was stopped near its end");
    write_file(left / "acquisition.json", "likewise");
    const AcquiredItem item = evidence::acquire(fixture.folder, request, fixture.context);
    CHECK(item.object.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(read_file(fixture.item("X-1") / "file.bin") == content);
    CHECK(fixture.item_names() == std::vector<std::string>{"X-1"});
    CHECK(lines_of(fixture.item("X-1") / "pieces.txt").size() == 100);
    CHECK_FALSE(fixture.record("X-1").at("resumed").items().empty());
    CHECK_FALSE(fs::exists(fixture.item("X-1") / "map"));
}

TEST_CASE("a destination inside the source folder is refused") {
    AcquireFixture fixture;
    const Error error = fixture.failure_of(fixture.request(fixture.scratch.path()));
    CHECK(error.kind() == ErrorKind::io);
    CHECK(error.message().find("inside the source") != std::string::npos);
    CHECK(fixture.item_names().empty());
}

TEST_CASE("formats that do not fit the source are refused") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    AcquireRequest request = fixture.request(fixture.source() / "f");
    request.format = ObjectFormat::tar;
    CHECK(fixture.failure_of(request).kind() == ErrorKind::usage);
    request = fixture.request(fixture.source());
    request.format = ObjectFormat::raw;
    CHECK(fixture.failure_of(request).kind() == ErrorKind::usage);
    request = fixture.request("/dev/null");
    CHECK(fixture.failure_of(request).kind() == ErrorKind::usage);
    request = fixture.request(fixture.source() / "absent");
    CHECK(fixture.failure_of(request).kind() == ErrorKind::not_found);
}

TEST_CASE("a writable source is refused when read-only is required") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    AcquireRequest request = fixture.request(fixture.source() / "f");
    request.require_read_only = true;
    const Error error = fixture.failure_of(request);
    CHECK(error.kind() == ErrorKind::io);
    CHECK(error.message().find("not read-only") != std::string::npos);
}

TEST_CASE("the room that is needed counts the list of pieces") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", std::string((2 << 20) + 1, 'x'));
    fixture.acquire(fixture.source() / "f");
    const Json record = fixture.record("X-1");
    for (const Json& check : record.at("preflight").items()) {
        if (check.at("check").string() != "free-space") continue;
        CAPTURE(check.at("detail").string());
        CHECK(check.at("detail").string().find("at most 2097348 bytes needed") !=
              std::string::npos);
    }
}

TEST_CASE("every check of the preflight says pass, fail or unknown") {
    AcquireFixture fixture;
    write_file(fixture.source() / "f", "x");
    fixture.acquire(fixture.source() / "f");
    std::vector<std::string> names;
    const Json record = fixture.record("X-1");
    for (const Json& check : record.at("preflight").items()) {
        names.push_back(check.at("check").string());
        const std::string& result = check.at("result").string();
        CHECK((result == "pass" || result == "fail" || result == "unknown"));
        CHECK_FALSE(check.at("detail").string().empty());
    }
    CHECK(names ==
          std::vector<std::string>{"size", "read-only", "free-space", "kernel", "host", "clock"});
}
