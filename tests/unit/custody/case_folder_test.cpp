#include "custody/case_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const CaseDetails details{"HN-2025-7", "Vụ án số 7", "Nguyễn Văn A", "Sample Authority", "VN"};

struct Fixture {
    TestContext context;
    TemporaryFolder scratch;
    CaseFolder create(const fs::path& folder, const CaseDetails& given = details) {
        return CaseFolder::create(folder, given, author(), draft("open"), context);
    }
};

unsigned mode_of(const fs::path& path) {
    struct stat information {};
    REQUIRE(::stat(path.c_str(), &information) == 0);
    return information.st_mode & 0777;
}

ErrorKind failure(const auto& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.kind();
    }
    FAIL("nothing was refused");
    return ErrorKind::io;
}

}  // namespace

TEST_CASE("a new case has its folders, its document and an opened ledger") {
    Fixture fixture;
    const fs::path folder = fixture.scratch / "case";
    CHECK(fixture.create(folder).details() == details);
    for (const char* name : {"", "items", "packages", "transfers"}) {
        CHECK(mode_of(folder / name) == 0700);
    }
    CHECK(mode_of(folder / "case.json") == 0600);
    CHECK(mode_of(folder / "custody.db") == 0600);
    CHECK(read_small_file(folder / "case.json", 1000) ==
          R"({"authority":"Sample Authority","case":{"number":"HN-2025-7","title":"Vụ án số 7"},)"
          R"("country":"VN","format":"evidence-case/1","officer":"Nguyễn Văn A"})"
          "\n");
    CaseFolder opened = CaseFolder::open(folder);
    CHECK(opened.details() == details);
    CHECK(opened.ledger().head().size == 1);
    CHECK(opened.ledger().case_number() == "HN-2025-7");
    CHECK(opened.item_folder("DISK-01") == folder / "items/DISK-01");
    CHECK(CaseFolder::open_foreign(folder).details() == details);
}

TEST_CASE("an empty folder becomes a case, anything else is kept") {
    Fixture fixture;
    fs::create_directory(fixture.scratch / "empty");
    CHECK_NOTHROW(fixture.create(fixture.scratch / "empty"));
    CHECK(failure([&] { fixture.create(fixture.scratch / "empty"); }) == ErrorKind::exists);
    fs::create_directories(fixture.scratch / "full/of");
    CHECK(failure([&] { fixture.create(fixture.scratch / "full"); }) == ErrorKind::exists);
    write_new_file(fixture.scratch / "file", as_bytes("x"));
    CHECK(failure([&] { fixture.create(fixture.scratch / "file"); }) == ErrorKind::exists);
    CHECK(read_small_file(fixture.scratch / "file", 10) == "x");
}

TEST_CASE("unusable details are refused and leave nothing behind") {
    Fixture fixture;
    const auto refused = [&](CaseDetails given) {
        CHECK(failure([&] { fixture.create(fixture.scratch / "case", given); }) ==
              ErrorKind::usage);
        CHECK_FALSE(fs::exists(fixture.scratch / "case"));
    };
    refused({"", "title", "", "", ""});
    refused({"1", "", "", "", ""});
    refused({"1\n2", "title", "", "", ""});
    refused({"1", "title", "", "", "Vietnam"});
    refused({"1", "title", "", "", "vn"});
    refused({"1", "title\x1b[31m", "", "", ""});
    refused({std::string(case_number_max_bytes + 1, '1'), "title", "", "", ""});
}

TEST_CASE("a failure while the ledger is made leaves no half case") {
    Fixture fixture;
    const SigningIdentity expired = make_identity(KeyType::ec_p256, "Expired", 1);
    fixture.context.clock.time.milliseconds += 86'400'000ll * 30;
    CHECK(failure([&] {
              CaseFolder::create(fixture.scratch / "a/new/case", details, author(&expired),
                                 draft("open"), fixture.context);
          }) == ErrorKind::crypto);
    CHECK(fs::is_empty(fixture.scratch.path()));
}

TEST_CASE("a folder without ledger is no case and says how to open one") {
    Fixture fixture;
    try {
        CaseFolder::open(fixture.scratch.path());
        FAIL("opened");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::not_found);
        CHECK(error.hint().find("evidence-custody init") != std::string::npos);
    }
}

TEST_CASE("case.json and ledger must name the same case") {
    Fixture fixture;
    const fs::path folder = fixture.scratch / "case";
    fixture.create(folder);
    CaseDetails other = details;
    other.number = "HN-2025-8";
    fs::remove(folder / "case.json");
    write_new_file(folder / "case.json", as_bytes(format_case_document(other)));
    CHECK(failure([&] { CaseFolder::open(folder); }) == ErrorKind::malformed);
}

TEST_CASE("a case document is read strictly") {
    const std::string good = format_case_document(details);
    CHECK(parse_case_document(good, "case.json") == details);
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"case/1", "case/2"},
             {R"("country":"VN",)", ""},
             {"\n", ""},
             {R"("VN")", R"("V")"},
             {R"(,"format")", R"(,"extra":1,"format")"},
             {"HN-2025-7", ""}}) {
        std::string changed = good;
        changed.replace(changed.find(from), from.size(), to);
        CAPTURE(changed);
        CHECK(failure([&] { parse_case_document(changed, "case.json"); }) == ErrorKind::malformed);
    }
}

TEST_CASE("the case of a folder inside it is found") {
    Fixture fixture;
    const fs::path folder = fixture.scratch / "case";
    fixture.create(folder);
    fs::create_directories(folder / "items/DISK-01");
    CHECK(CaseFolder::find_above(folder / "items/DISK-01") == folder);
    CHECK(CaseFolder::find_above(folder) == folder);
    CHECK_FALSE(CaseFolder::find_above(fixture.scratch.path()));
}

TEST_CASE("paths are made of item ids and transfer ids only") {
    Fixture fixture;
    const CaseFolder folder = fixture.create(fixture.scratch / "case");
    CHECK(failure([&] { static_cast<void>(folder.item_folder("../x")); }) == ErrorKind::usage);
    CHECK(failure([&] { static_cast<void>(folder.transfer_folder("..")); }) == ErrorKind::usage);
    CHECK(folder.transfer_folder("0192c0de-0000-4000-8000-000000000001").parent_path() ==
          fixture.scratch / "case/transfers");
}
