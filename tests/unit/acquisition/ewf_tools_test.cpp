// Our E01 sets against the programs of libewf, and theirs against our reader.
#include <doctest/doctest.h>

#include <cstdlib>

#include "acquisition/ewf_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

bool tools_are_here() {
    const bool here =
        std::system("command -v ewfverify ewfinfo ewfexport ewfacquire >/dev/null") == 0;
    if (!here) MESSAGE("SKIPPED: no ewf-tools here (apt-get install ewf-tools)");
    return here;
}

struct Answer {
    int status = 0;
    std::string output;
};

// Runs a shell command in the folder.
Answer run(const fs::path& folder, const std::string& command) {
    const int status = std::system(
        ("cd '" + folder.native() + "' && { TZ=UTC " + command + "; } >output.txt 2>&1 </dev/null")
            .c_str());
    return {status, read_file(folder / "output.txt")};
}

void check_with_tools(const fs::path& folder, std::string_view content) {
    const Answer verified = run(folder, "ewfverify -d sha1 image.E01");
    CAPTURE(verified.output);
    CHECK(verified.status == 0);
    const DigestSet digests = digests_of(content);
    for (const Algorithm algorithm : {Algorithm::md5, Algorithm::sha1}) {
        // Stored, and calculated.
        const std::size_t first = verified.output.find(digests.at(algorithm));
        REQUIRE(first != std::string::npos);
        CHECK(verified.output.find(digests.at(algorithm), first + 1) != std::string::npos);
    }
    const Answer exported = run(folder, "ewfexport -u -q -f raw -S 0 -t out image.E01");
    CAPTURE(exported.output);
    CHECK(exported.status == 0);
    CHECK(read_file(folder / "out.raw") == content);
}

}  // namespace

TEST_CASE("ewfverify and ewfexport find the content in our E01 sets") {
    if (!tools_are_here()) return;
    const std::string content =
        noise(2 << 20) + std::string(1 << 20, '\0') + some_text(1 << 20) + noise(3 * 4096);
    for (const EwfCompression compression :
         {EwfCompression::none, EwfCompression::fast, EwfCompression::best}) {
        for (const unsigned sector_bytes : {512U, 4096U}) {
            for (const std::uint64_t segment_bytes : {1 * mib, 2 * gib}) {
                CAPTURE(static_cast<int>(compression));
                CAPTURE(sector_bytes);
                CAPTURE(segment_bytes);
                TemporaryFolder folder;
                EwfOptions options = example_options(folder.path(), content.size());
                options.compression = compression;
                options.sector_bytes = sector_bytes;
                options.segment_bytes = segment_bytes;
                const std::size_t files = write_set(options, content).size();
                CHECK((files > 1) == (segment_bytes == 1 * mib));
                check_with_tools(folder.path(), content);
            }
        }
    }
}

TEST_CASE("ewfinfo shows what our E01 sets say") {
    if (!tools_are_here()) return;
    TemporaryFolder folder;
    const std::string content = some_text(512 * 1000);
    BadRanges unread;
    unread.add({512 * 7, 512 * 3, EIO});
    write_set(example_options(folder.path(), content.size()), content, unread);
    const Answer answer = run(folder.path(), "ewfinfo -d iso8601 image.E01");
    CAPTURE(answer.output);
    CHECK(answer.status == 0);
    const EwfHeader header = example_header();
    for (const EwfHeaderField& field : ewf_header_fields) {
        CHECK(answer.output.find("\t" + header.*field.value + "\n") != std::string::npos);
    }
    for (const char* line :
         {"Acquisition date:\t2025-11-22T01:55:38", "File format:\t\tEnCase 6",
          "Compression level:\tgood (fast) compression", "Media type:\t\tfixed disk",
          "Is physical:\t\tyes", "Bytes per sector:\t512", "Number of sectors:\t1000",
          "Set identifier:\t\t04030201-0605-0807-090a-0b0c0d0e0f10",
          "at sector(s): 7 - 9 number: 3"}) {
        CAPTURE(line);
        CHECK(answer.output.find(line) != std::string::npos);
    }
}

TEST_CASE("an empty E01 header and a logical medium are shown as such") {
    if (!tools_are_here()) return;
    TemporaryFolder folder;
    EwfOptions options = example_options(folder.path(), 512);
    options.header = {};
    options.medium = EwfMedium::logical;
    write_set(options, noise(512));
    const Answer answer = run(folder.path(), "ewfinfo image.E01");
    CAPTURE(answer.output);
    CHECK(answer.output.find("Case number") == std::string::npos);
    CHECK(answer.output.find("Is physical:\t\tno") != std::string::npos);
    check_with_tools(folder.path(), noise(512));
}

TEST_CASE("ewfverify finds damage in our E01 sets") {
    if (!tools_are_here()) return;
    TemporaryFolder folder;
    const std::string content = noise(1 << 20);
    write_set(example_options(folder.path(), content.size()), content);
    std::string set = read_file(folder / "image.E01");
    set[set.size() / 2] = static_cast<char>(set[set.size() / 2] ^ 1);
    write_file(folder / "image.E01", set);
    CHECK(run(folder.path(), "ewfverify -q image.E01").status != 0);
}

TEST_CASE("sets that ewfacquire has written are read, whatever their format") {
    if (!tools_are_here()) return;
    const std::string content = noise(1 << 20) + std::string(1 << 20, '\0') + some_text(512 * 100);
    for (const std::string format : {"encase5", "encase6", "linen6", "ftk", "ewfx"}) {
        for (const std::string compression : {"none", "empty-block", "fast"}) {
            CAPTURE(format);
            CAPTURE(compression);
            TemporaryFolder folder;
            write_file(folder / "source", content);
            const Answer acquired =
                run(folder.path(), "ewfacquire -u -q -f " + format + " -c " + compression +
                                       " -S 1MiB -d sha1 -C 2026-1 -D desk -e Bich -E HN-1 -N none "
                                       "-b 64 -P 512 -t image source");
            CAPTURE(acquired.output);
            REQUIRE(acquired.status == 0);
            EwfReader reader(folder / (format == "ewfx" ? "image.e01" : "image.E01"));
            CHECK(reader.segments().size() > 1);
            CHECK(read_all(reader) == content);
            CHECK(reader.header().case_number == "2026-1");
            CHECK(reader.header().description == "desk");
            CHECK(reader.header().examiner_name == "Bich");
            CHECK(reader.header().evidence_number == "HN-1");
            CHECK(reader.header().notes == "none");
            CHECK(reader.header().acquired_at.has_value() ==
                  (format.find("encase") == 0 || format == "ewfx"));
            const DigestSet digests = digests_of(content);
            CHECK(reader.stored_digests().at(Algorithm::md5) == digests.at(Algorithm::md5));
        }
    }
}
