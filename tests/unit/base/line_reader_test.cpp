#include "base/line_reader.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "test_context.h"
#include "test_errors.h"

namespace evidence {
namespace {

// Gives at most `step` bytes at a time.
LineReader::Source source_of(std::string_view text, std::size_t step) {
    return [text, step](MutableByteView buffer) mutable {
        const std::size_t count = std::min({text.size(), step, buffer.size()});
        std::copy_n(text.begin(), count, buffer.begin());
        text.remove_prefix(count);
        return count;
    };
}

std::vector<std::string> lines_of(LineReader& reader) {
    std::vector<std::string> lines;
    while (const auto line = reader.next()) {
        lines.emplace_back(*line);
        CHECK(reader.line_number() == lines.size());
    }
    CHECK_FALSE(reader.next());
    return lines;
}

}  // namespace

TEST_CASE("lines come out the same however the bytes come in") {
    using Lines = std::vector<std::string>;
    const std::string zero("a\0b\n", 4);
    const std::pair<std::string, Lines> cases[] = {
        {"", {}},           {"\n", {""}},
        {"a\n", {"a"}},     {"a", {"a"}},
        {"\n\n", {"", ""}}, {"a\n\nb", {"a", "", "b"}},
        {"a\r\n", {"a\r"}}, {zero, {zero.substr(0, 3)}},
    };
    for (const auto& [text, expected] : cases) {
        for (std::size_t step : {1u, 2u, 3u, 1000u}) {
            LineReader reader(source_of(text, step), "test", 100);
            CHECK(lines_of(reader) == expected);
            CHECK(reader.ended_without_newline() == (!text.empty() && !text.ends_with('\n')));
        }
    }
}

TEST_CASE("lines of every length around the reading size come out whole") {
    std::string text;
    std::vector<std::string> expected;
    for (std::size_t length : {0u, 1u, 262143u, 262144u, 262145u, 5u, 524288u, 0u, 600000u}) {
        expected.push_back(std::string(length, static_cast<char>('a' + expected.size())));
        text += expected.back() + '\n';
    }
    for (std::size_t step : {4096u, 262144u, 1000000u}) {
        LineReader reader(source_of(text, step), "test", 600000);
        CHECK(lines_of(reader) == expected);
    }
}

TEST_CASE("a line may have the length allowed and not one byte more") {
    for (std::string_view end : {"", "\n", "\nnext\n"}) {
        const std::string fits = std::string(10, 'x') + std::string(end);
        LineReader good(source_of(fits, 3), "test", 10);
        CHECK(good.next() == std::string(10, 'x'));
        const std::string too_long = "x" + fits;
        LineReader bad(source_of(too_long, 3), "test", 10);
        CHECK(test::kind_of_error([&] { bad.next(); }) == ErrorKind::malformed);
    }
}

TEST_CASE("a line without end is given up soon after the limit") {
    std::uint64_t given = 0;
    LineReader reader(
        [&](MutableByteView buffer) {
            std::fill(buffer.begin(), buffer.end(), std::uint8_t{'x'});
            given += buffer.size();
            return buffer.size();
        },
        "endless", 1000);
    try {
        reader.next();
        FAIL("endless line accepted");
    } catch (const Error& error) {
        CHECK(error.message() == "line too long: endless line 1 (expected at most 1000 bytes)");
    }
    CHECK(given <= mib);
}

TEST_CASE("a part of a file is read to its end and no further") {
    test::TemporaryFolder folder;
    File file = File::create_new(folder / "list");
    file.write(as_bytes("before\none\ntwo\nafter\n"));
    LineReader part = LineReader::of_file(file, 7, 8, "part", 100);
    CHECK(lines_of(part) == std::vector<std::string>{"one", "two"});
    LineReader none = LineReader::of_file(file, 7, 0, "part", 100);
    CHECK_FALSE(none.next());
}

TEST_CASE("a file that is shorter than was promised is an error, not an end") {
    test::TemporaryFolder folder;
    File file = File::create_new(folder / "list");
    file.write(as_bytes("one\ntwo\n"));
    LineReader reader = LineReader::of_file(file, 0, 9, "list", 100);
    CHECK(test::kind_of_error([&] { lines_of(reader); }) == ErrorKind::malformed);
}

}  // namespace evidence
