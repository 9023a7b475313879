#include "digest/list_writer.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "list_text.h"

using namespace evidence;
using namespace evidence::test;

namespace {

HashedFile hashed(std::string_view name, FileDigests& digests) {
    for (const Algorithm algorithm : all_algorithms) {
        const MutableByteView place = digests.place_of(algorithm);
        Hasher hasher(algorithm);
        hasher.update(as_bytes(std::string_view("abc")));
        hasher.finish(place);
    }
    digests.size_bytes = 3;
    return {name, {}, FileOutcome::hashed, 0, digests};
}

const std::vector<std::string> names = {
    "a",       "a b",  "./a",           "/x/y", "a,b", "a\\b", "a\nb",  "a\rb",  "a%0Ab",
    "a=b c#d", "\xff", "thư/đơn & <i>", " a ",  "-",   "..",   "\"q\"", "a/../b"};

}  // namespace

TEST_CASE("what is written is read again, whatever the name") {
    for (const ListFormat format : all_list_formats) {
        if (format == ListFormat::nsrl) continue;
        const std::string format_name(name_of(format));
        CAPTURE(format_name);
        const ListWriter writer(format, {Algorithm::sha256}, HashLineEnd::newline);
        for (const std::string& name : names) {
            CAPTURE(name);
            FileDigests digests;
            const auto line = writer.line(hashed(name, digests));
            const bool is_said = !(format == ListFormat::hashdeep &&
                                   name.find_first_of("\n\r") != std::string::npos) &&
                                 !(format == ListFormat::dfxml && name == "\xff");
            REQUIRE(line.has_value() == is_said);
            if (!is_said) continue;
            ListReading reading = ListText::default_reading();
            reading.format = format;
            ListText list(writer.begin("test", "1") + *line + writer.end(), reading);
            list.read_all();
            CHECK(list.problems.empty());
            REQUIRE(list.files.size() == 1);
            // mtree has no way to tell "./a" from "a", and none to say standard input.
            std::string expected = name;
            if (format == ListFormat::mtree && name.starts_with("./")) expected = name.substr(2);
            if (format == ListFormat::mtree && name == "-") expected = "./-";
            CHECK(list.files[0].name == expected);
            CHECK(digest_by(list.files[0], Algorithm::sha256)->hex ==
                  to_hex(digests.of(Algorithm::sha256)));
        }
    }
}

TEST_CASE("several algorithms where the form names them") {
    FileDigests digests;
    const HashedFile file = hashed("a", digests);
    for (const ListFormat format : {ListFormat::bsd, ListFormat::hashdeep, ListFormat::jsonl,
                                    ListFormat::dfxml, ListFormat::mtree}) {
        const ListWriter writer(format, {Algorithm::md5, Algorithm::sha256}, HashLineEnd::newline);
        ListText list(writer.begin("test", "1") + *writer.line(file) + writer.end());
        list.read_all();
        std::size_t found = 0;
        for (const HashListFile& each : list.files) found += each.digests.size();
        CHECK(found == 2);
        CHECK(list.problems.empty());
    }
}

TEST_CASE("a form that cannot say it is refused") {
    const auto is_refused = [](ListFormat format, std::vector<Algorithm> algorithms,
                               HashLineEnd end = HashLineEnd::newline) {
        try {
            ListWriter(format, std::move(algorithms), end);
            return false;
        } catch (const Error& error) {
            return error.kind() == ErrorKind::usage;
        }
    };
    using enum Algorithm;
    CHECK(is_refused(ListFormat::sha256sum, {Algorithm::md5, sha1}));
    CHECK(is_refused(ListFormat::bagit, {Algorithm::md5, sha1}));
    CHECK(is_refused(ListFormat::hashdeep, {sha512}));
    CHECK(is_refused(ListFormat::mtree, {blake2b512}));
    CHECK(is_refused(ListFormat::nsrl, {sha1}));
    CHECK(is_refused(ListFormat::jsonl, {sha1}, HashLineEnd::zero));
    CHECK_FALSE(is_refused(ListFormat::bsd, {sha1, sha512}, HashLineEnd::zero));
}
