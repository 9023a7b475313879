#include "acquisition/resume_state.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "acquisition/acquire_fixture.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

ResumeState some_state() {
    ResumeState state;
    state.item = "USB-01";
    state.source.kind = ItemKind::image;
    state.source.size_bytes = 10 * mib;
    state.source.sector_bytes = 512;
    state.source.serial = "S-1";
    state.algorithms = {Algorithm::md5, Algorithm::sha256};
    state.position_bytes = 4 * mib;
    state.started_at = {1'763'776'538'000};
    state.resumptions = {{{1'763'776'539'000}, mib}};
    state.bad_ranges.add({512, 1024, EIO});
    state.bad_ranges.add({4096, 512, ETIMEDOUT});
    return state;
}

}  // namespace

TEST_CASE("a state comes back as it was saved, and a later one takes its place") {
    TemporaryFolder folder;
    CHECK_FALSE(load_resume_state(folder.path()));
    const ResumeState state = some_state();
    save_resume_state(folder.path(), state);
    std::optional<ResumeState> loaded = load_resume_state(folder.path());
    REQUIRE(loaded);
    CHECK(loaded->item == state.item);
    CHECK(loaded->source == state.source);
    CHECK(loaded->algorithms == state.algorithms);
    CHECK(loaded->position_bytes == state.position_bytes);
    CHECK(loaded->started_at.milliseconds == state.started_at.milliseconds);
    CHECK(loaded->bad_ranges.all() == state.bad_ranges.all());
    REQUIRE(loaded->resumptions.size() == 1);
    CHECK(loaded->resumptions[0].position_bytes == mib);
    loaded->position_bytes = 5 * mib;
    write_file(folder / "resume.json.next", "of a process that was killed");
    save_resume_state(folder.path(), *loaded);
    CHECK(load_resume_state(folder.path())->position_bytes == 5 * mib);
    CHECK_FALSE(fs::exists(folder / "resume.json.next"));
}

TEST_CASE("every way to change one byte of a state is refused or says something else") {
    TemporaryFolder folder;
    save_resume_state(folder.path(), some_state());
    const std::string good = read_file(folder / "resume.json");
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        write_file(folder / "resume.json", bad);
        CAPTURE(bad);
        try {
            const std::optional<ResumeState> state = load_resume_state(folder.path());
            REQUIRE(state);
            save_resume_state(folder.path(), *state);
            CHECK(read_file(folder / "resume.json") == bad);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::malformed);
        }
    }
}

TEST_CASE("a state that leads elsewhere is refused") {
    TemporaryFolder folder;
    write_file(folder / "elsewhere", "{}\n");
    fs::create_symlink("elsewhere", folder / "resume.json");
    CHECK_THROWS_AS(load_resume_state(folder.path()), Error);
    fs::remove(folder / "resume.json");
    write_file(folder / "resume.json", std::string(2 * mib, ' '));
    CHECK_THROWS_AS(load_resume_state(folder.path()), Error);
}

TEST_CASE("what differs between two sources is said") {
    const SourceIdentity expected = some_state().source;
    CHECK(difference(expected, expected).empty());
    SourceIdentity found = expected;
    found.serial = "S-2";
    CHECK(difference(found, expected) == "serial number S-2 (expected S-1)");
    found = expected;
    found.size_bytes = 1;
    CHECK(difference(found, expected) == "size 1 (expected 10485760)");
    found = expected;
    found.last_sector_sha256 = "x";
    CHECK(difference(found, expected).starts_with("SHA-256 of the last sector x"));
}

TEST_CASE("a source is known by its first and last sector") {
    AcquireFixture fixture;
    write_file(fixture.source() / "file", noise(1300));
    const auto identity = [&] {
        return identify(open_source((fixture.source() / "file").native()), {});
    };
    const SourceIdentity before = identity();
    CHECK(before.size_bytes == 1300);
    CHECK(before.first_sector_sha256 == sha256_hex(noise(1300).substr(0, 512)));
    CHECK(before.last_sector_sha256 == sha256_hex(noise(1300).substr(1024)));
    CHECK(difference(identity(), before).empty());
}
