#include "verification/bag_text.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/atomic_file.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Read {
    std::vector<std::string> lines;
    std::string problem;
    bool needless_mark;
};

Read read(std::string_view bytes, TagEncoding encoding) {
    TemporaryFolder folder;
    const fs::path path = folder / "tag.txt";
    write_new_file(path, as_bytes(bytes));
    const File file = File::open_read(path);
    TagLines lines(file, encoding);
    Read result;
    while (const auto line = lines.next()) result.lines.emplace_back(*line);
    result.problem = lines.problem();
    result.needless_mark = lines.has_needless_mark();
    CHECK_FALSE(lines.next());  // for good
    return result;
}

using Lines = std::vector<std::string>;
using namespace std::string_view_literals;

}  // namespace

TEST_CASE("lines end with LF, CR or CRLF, the last one perhaps with nothing") {
    CHECK(read("a\nb\rc\r\nd", TagEncoding::utf8).lines == Lines{"a", "b", "c", "d"});
    CHECK(read("\n\r\n\r\r", TagEncoding::utf8).lines == Lines{"", "", "", ""});
    CHECK(read("", TagEncoding::utf8).lines.empty());
    CHECK(read("a\r\n", TagEncoding::utf8).lines == Lines{"a"});
}

TEST_CASE("text in ISO-8859-1 and UTF-16 comes out as UTF-8") {
    CHECK(read("M\xfcller\n", TagEncoding::iso_8859_1).lines == Lines{"Müller"});
    CHECK(read("\0M\0\xfc\0\n"sv, TagEncoding::utf16be).lines == Lines{"Mü"});
    CHECK(read("M\0\xfc\0\r\0\n\0"sv, TagEncoding::utf16le).lines == Lines{"Mü"});
    CHECK(read("\xd8\x3d\xde\x00"sv, TagEncoding::utf16be).lines == Lines{"😀"});
}

TEST_CASE("UTF-16 is read as its mark says, and big-endian without one") {
    CHECK(read("\xfe\xff\0a"sv, TagEncoding::utf16).lines == Lines{"a"});
    CHECK(read("\xff\xfe\x61\0"sv, TagEncoding::utf16).lines == Lines{"a"});
    CHECK(read("\0a"sv, TagEncoding::utf16).lines == Lines{"a"});
    CHECK_FALSE(read("\xfe\xff\0a"sv, TagEncoding::utf16).needless_mark);
}

TEST_CASE("a mark that an encoding does not need is noticed and left out") {
    CHECK(read("\xef\xbb\xbf\x61", TagEncoding::utf8).lines == Lines{"a"});
    CHECK(read("\xef\xbb\xbf\x61", TagEncoding::utf8).needless_mark);
    CHECK(read("\xfe\xff\0a"sv, TagEncoding::utf16be).needless_mark);
    CHECK_FALSE(read("a", TagEncoding::utf8).needless_mark);
}

TEST_CASE("bytes that are not in the encoding end the reading") {
    CHECK(read("a\n\xff\nb\n", TagEncoding::utf8).problem == "not UTF-8");
    CHECK(read("a\n\xff\nb\n", TagEncoding::utf8).lines == Lines{"a"});
    CHECK(read("\xe9\n", TagEncoding::us_ascii).problem == "not US-ASCII");
    CHECK(read("\0a\0"sv, TagEncoding::utf16be).problem == "ends inside a character");
    CHECK(read("\xd8\0\0a"sv, TagEncoding::utf16be).problem == "not UTF-16");
    CHECK(read("\xdc\0"sv, TagEncoding::utf16be).problem == "not UTF-16");
    CHECK(read("\xd8\0"sv, TagEncoding::utf16be).problem == "not UTF-16");
}

TEST_CASE("a line has a limit") {
    CHECK(read(std::string(tag_line_max_bytes, 'x'), TagEncoding::utf8).problem.empty());
    CHECK(read(std::string(tag_line_max_bytes + 1, 'x'), TagEncoding::utf8)
              .problem.starts_with("line longer than"));
}

TEST_CASE("a line may go over the edge of what is read at once") {
    const std::string half(70'000, 'x');
    CHECK(read("a\n" + half + "\r\nb", TagEncoding::utf8).lines == Lines{"a", half, "b"});
    // CR and LF on either side of the edge are still one line end.
    const std::string full(64 * kib - 1, 'y');
    CHECK(read(full + "\r\nb", TagEncoding::utf8).lines == Lines{full, "b"});
}

TEST_CASE("encodings are known by their registered names, whatever the case") {
    CHECK(tag_encoding_named("utf-8") == TagEncoding::utf8);
    CHECK(tag_encoding_named("ISO-8859-1") == TagEncoding::iso_8859_1);
    CHECK(tag_encoding_named("Latin1") == TagEncoding::iso_8859_1);
    CHECK(tag_encoding_named("UTF-16LE") == TagEncoding::utf16le);
    CHECK_FALSE(tag_encoding_named("ISO-2022-CN-EXT"));
    CHECK_FALSE(tag_encoding_named(""));
}

TEST_CASE("UTF-8 goes back to ISO-8859-1 where it can") {
    CHECK(to_iso_8859_1("Müller") == "M\xfcller");
    CHECK_FALSE(to_iso_8859_1("书"));
    CHECK_FALSE(to_iso_8859_1("\xc3"));
}
