// describe_package: what a crash between writing a package and recording its seal leaves behind.
#include <doctest/doctest.h>

#include "base/error.h"
#include "package/package_layout.h"
#include "package/zip_writer.h"
#include "seal_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Described {
    SealFixture fixture;
    SealedBytes sealed;

    Described() {
        fixture.add_image("DISK-01", std::string(2 * mib, 'x'));
        fixture.add_tree("MAIL-01");
        sealed = fixture.seal();
    }

    SealedPackage describe(std::string_view bytes) {
        const fs::path path = fixture.folder / random_hex_128(fixture.context.random);
        write_new_file(path, as_bytes(bytes));
        return describe_package(fixture.case_folder, path, fixture.context);
    }

    // The package with one entry replaced and the ZIP repaired.
    std::string with_entry(std::string_view name, const std::string& content);
};

std::string Described::with_entry(std::string_view name, const std::string& content) {
    const fs::path path = fixture.folder / "original";
    fs::remove(path);
    write_new_file(path, as_bytes(sealed.bytes));
    const File file = File::open_read(path);
    Findings findings;
    std::string out;
    ZipWriter writer([&out](ByteView bytes) { out += as_text(bytes); });
    for (const ZipEntry& entry : read_zip_structure(file, findings).entries) {
        writer.add(entry.name, entry.name == name ? content : read_entry(file, entry, 16 * mib));
    }
    writer.finish();
    return out;
}

}  // namespace

TEST_CASE("a finished package tells what its seal would have recorded") {
    Described test;
    const SealedPackage found = test.describe(test.sealed.bytes);
    const SealedPackage& expected = test.sealed.facts;
    CHECK(found.id == expected.id);
    CHECK(found.manifest_sha256 == expected.manifest_sha256);
    CHECK(found.file_sha256 == expected.file_sha256);
    CHECK(found.size_bytes == expected.size_bytes);
    CHECK(found.objects == expected.objects);
    CHECK(found.records == expected.records);
    CHECK(found.items == expected.items);
    CHECK(found.created_at == expected.created_at);
    CHECK(found.ledger_head == expected.ledger_head);
}

TEST_CASE("a damaged package is not recorded") {
    Described test;
    const std::string& bytes = test.sealed.bytes;
    std::string flipped = bytes;
    flipped[bytes.size() / 2] ^= 1;
    CHECK_THROWS_AS(test.describe(flipped), Error);
    CHECK_THROWS_AS(test.describe(bytes.substr(0, bytes.size() - 1)), Error);
    CHECK_THROWS_AS(test.describe(bytes + "x"), Error);
    CHECK_THROWS_AS(test.describe("no package"), Error);
    CHECK_THROWS_AS(test.describe(test.with_entry("README.txt", "other")), Error);
    CHECK_THROWS_AS(test.describe(test.with_entry(signature_001, "other")), Error);
}

TEST_CASE("a package of another case is not recorded") {
    Described test;
    SealFixture other;
    const fs::path path = test.fixture.folder / "package";
    write_new_file(path, as_bytes(test.sealed.bytes));
    CHECK_THROWS_WITH_AS(describe_package(other.case_folder, path, other.context),
                         doctest::Contains("ledger of this case"), Error);
}
