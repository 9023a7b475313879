// The tail of a package written anew, and every moment at which that may be interrupted.
#include "package/package_tail.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "package/zip_reader.h"
#include "small_package.h"
#include "test_context.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const NewEntries entries = {{"META-INF/ASiCManifest003.xml", "a list\n"},
                            {"META-INF/timestamp003.tst", "a token"}};

struct Package {
    TemporaryFolder folder;
    const fs::path path = folder / "small.asice";
    const fs::path saved = folder / "small.asice.tail";
    const std::string before = zip_of(small_contents());

    Package() { write(path, before); }
    static void write(const fs::path& to, const std::string& bytes) {
        fs::remove(to);
        write_new_file(to, as_bytes(bytes));
    }
    std::string bytes() const { return read_small_file(path, mib); }
    std::uint64_t directory_offset() const {
        Findings findings;
        return read_zip_structure(File::open_read(path), findings).directory_offset;
    }
    // What append_entries saves first.
    std::string saved_tail() const {
        const std::uint64_t offset = directory_offset();
        const std::string tail = before.substr(offset);
        return "evidence-tail/1\n" + std::to_string(offset) + "\n" + sha256_hex(tail) + "\n" + tail;
    }
};

}  // namespace

TEST_CASE("entries stand behind what was there, and the file is what a writer would write") {
    const Package package;
    const std::uint64_t offset = package.directory_offset();
    append_entries(package.path, entries);
    const std::string after = package.bytes();
    CHECK(after.substr(0, offset) == package.before.substr(0, offset));
    const File file = File::open_read(package.path);
    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    CHECK(findings.all().empty());
    for (const auto& [name, content] : entries) {
        const ZipEntry* entry = zip.find(name);
        REQUIRE(entry);
        CHECK(read_entry(file, *entry, mib) == content);
    }
    CHECK_FALSE(fs::exists(package.saved));
    CHECK_FALSE(restore_tail(package.path));
}

TEST_CASE("an interruption at any byte of the new tail is undone") {
    const Package package;
    const std::string saved = package.saved_tail();
    const std::uint64_t offset = package.directory_offset();
    append_entries(package.path, entries);
    const std::string after = package.bytes();
    for (std::size_t written = offset; written <= after.size(); ++written) {
        std::string torn = after.substr(0, written);
        if (torn.size() < package.before.size()) torn += package.before.substr(torn.size());
        Package::write(package.path, torn);
        Package::write(package.saved, saved);
        CHECK(restore_tail(package.path));
        CHECK(package.bytes() == package.before);
        CHECK_FALSE(fs::exists(package.saved));
    }
}

TEST_CASE("a tail that does not fit or is damaged is refused, and nothing is changed") {
    const Package package;
    const std::string good = package.saved_tail();
    std::string other_offset = good;
    other_offset.insert(sizeof "evidence-tail/1", "9");
    for (const std::string& saved : {std::string(), good.substr(0, good.size() - 1), "x" + good,
                                     other_offset, std::string("evidence-tail/1\nabc\n")}) {
        Package::write(package.saved, saved);
        CHECK(kind_of_error([&] { restore_tail(package.path); }) == ErrorKind::refused);
        CHECK(package.bytes() == package.before);
    }
}

TEST_CASE("a package that is not whole, or would not be, is left as it is") {
    const Package package;
    CHECK(kind_of_error([&] {
              append_entries(package.path, {{"data/000009.img", "late"}});
          }) == ErrorKind::refused);
    CHECK(package.bytes() == package.before);
    CHECK_FALSE(fs::exists(package.saved));
    Package::write(package.path, package.before + "x");
    CHECK(kind_of_error([&] { append_entries(package.path, entries); }) == ErrorKind::refused);
    CHECK(package.bytes() == package.before + "x");
    CHECK_FALSE(fs::exists(package.saved));
}
