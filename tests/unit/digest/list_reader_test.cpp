#include "digest/list_reader.h"

#include <doctest/doctest.h>

#include "list_text.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// Of "abc" (RFC 1321, FIPS 180).
const std::string md5 = "900150983cd24fb0d6963f7d28e17f72";
const std::string sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
const std::string sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

HashListFile abc(std::string name, std::optional<std::uint64_t> size = 3) {
    return {std::move(name), size, {{Algorithm::md5, md5}, {Algorithm::sha256, sha256}}};
}

using Files = std::vector<HashListFile>;
using Lines = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a list is known by its beginning, a bag manifest by its name") {
    CHECK(list_format_of("%%%% HASHDEEP-1.0", "x") == ListFormat::hashdeep);
    CHECK(list_format_of("#mtree", "x") == ListFormat::mtree);
    CHECK(list_format_of("#mtree v2.0", "x") == ListFormat::mtree);
    CHECK(list_format_of("/set type=file", "x") == ListFormat::mtree);
    CHECK(list_format_of(".    type=dir", "x") == ListFormat::mtree);
    CHECK(list_format_of("<?xml version='1.0'?>", "x") == ListFormat::dfxml);
    CHECK(list_format_of("{\"digests\":{}}", "x") == ListFormat::jsonl);
    CHECK(list_format_of("\"SHA-1\",\"MD5\"", "x") == ListFormat::nsrl);
    CHECK(list_format_of(sha256 + "  a", "a/tagmanifest-sha256.txt") == ListFormat::bagit);
    CHECK(list_format_of(sha256 + "  a", "SHA256SUMS") == ListFormat::sha256sum);
    for (const ListFormat format : all_list_formats) {
        CHECK(list_format_named(name_of(format)) == format);
    }
}

TEST_CASE("lines of sha256sum and BSD lines, the problems counted") {
    ListText list(sha256 + "  a\n\n# said\nnothing\nMD5 (b) = " + md5 + "\n");
    list.read_all();
    CHECK(list.files == Files{{"a", std::nullopt, {{Algorithm::sha256, sha256}}},
                              {"b", std::nullopt, {{Algorithm::md5, md5}}}});
    CHECK(list.problems == Lines{4});
}

TEST_CASE("names of bag manifests are decoded, and nothing else of them") {
    ListText list(sha256 + "  data/a%0Ab%25%41%0d\n", ListText::default_reading(),
                  "manifest-sha256.txt");
    CHECK(list.read_all().files.at(0).name == "data/a\nb%%41\r");
}

TEST_CASE("hash sets may have digests alone, lists may not") {
    ListReading reading = ListText::default_reading();
    CHECK(ListText(sha1 + "\n", reading).read_all().problems == Lines{1});
    reading.takes_bare_digests = true;
    CHECK(ListText(sha1 + "\r\n", reading).read_all().files ==
          Files{{"", std::nullopt, {{Algorithm::sha1, sha1}}}});
}

TEST_CASE("a list of hashdeep, with columns that are not ours") {
    ListText list(
        "%%%% HASHDEEP-1.0\n%%%% size,md5,tiger,sha256,filename\n"
        "## Invoked from: /tmp\n## $ hashdeep a\n## \n3," +
        md5 + ",0123," + sha256 + ",/tmp/a,b\n3," + md5 + "\nx," + md5 + ",0," + sha256 + ",c\n3," +
        md5.substr(1) + ",0," + sha256 + ",d\n");
    list.read_all();
    CHECK(list.files == Files{abc("/tmp/a,b")});
    CHECK(list.problems == Lines{7, 8, 9});
}

TEST_CASE("JSON lines") {
    ListText list("{\"digests\":{\"md5\":\"" + md5 + "\",\"sha256\":\"" + sha256 +
                  "\",\"whirl\":\"00\"},\"name\":\"a\",\"size_bytes\":3}\n"
                  "{\"digests\":{\"sha256\":\"" +
                  sha256 +
                  "\"},\"name_bytes\":\"ff\"}\n"
                  "{\"digests\":{\"sha256\":\"12\"},\"name\":\"b\"}\n{}\n[1\n");
    list.read_all();
    CHECK(list.files == Files{abc("a"), {"\xff", std::nullopt, {{Algorithm::sha256, sha256}}}});
    CHECK(list.problems == Lines{3, 4, 5});
}

TEST_CASE("file objects of DFXML, as hashdeep and fiwalk write them") {
    ListText list(
        "<?xml version='1.0' encoding='UTF-8'?>\n<dfxml xmloutputversion='1.0'>\n"
        "  <configuration><filename>not this</filename></configuration>\n"
        "  <fileobject>\n    <filename>a &amp; &#x2F;&#47;</filename>\n    <filesize>3</filesize>\n"
        "    <byte_runs><byte_run offset='0'/></byte_runs>\n"
        "    <hashdigest type='MD5'>" +
        md5 +
        "</hashdigest>\n"
        "    <hashdigest type=\"SHA256\">" +
        sha256 +
        "</hashdigest>\n  </fileobject>\n"
        "<fileobject><filename>b</filename></fileobject>\n"
        "<fileobject><filename>c&nbsp;</filename><hashdigest type='md5'>" +
        md5 +
        "</hashdigest></fileobject>\n<fileobject><![CDATA[x]]></fileobject>\n"
        "<fileobject><filename>d</filename>\n");
    list.read_all();
    CHECK(list.files == Files{abc("a & //")});
    CHECK(list.problems.size() == 4);
}

TEST_CASE("a declaration of an entity is no part of a list") {
    ListText list("<?xml version='1.0'?>\n<!DOCTYPE d [<!ENTITY a 'b'>]>\n");
    CHECK(list.read_all().problems == Lines{2});
}

TEST_CASE("specifications of mtree: whole paths, folders entered and left, defaults") {
    ListText list("#mtree\n./a\\040b type=file size=3 md5digest=" + md5 + " \\\n  sha256digest=" +
                  sha256 + "\n/set type=file uid=0\n. type=dir\n  c size=3 md5=" + md5 +
                  " sha256=" + sha256 + "\n  sub type=dir\n    d size=3 md5=" + md5 +
                  " sha256=" + sha256 + "\n    l type=link link=d\n  ..\n  e size=3 md5=" + md5 +
                  " sha256=" + sha256 + "\n..\n/tmp/\\#f size=3 md5=" + md5 + " sha256=" + sha256 +
                  "\nbad\\q size=3 md5=" + md5 + "\ng size=x md5=" + md5 + "\n");
    list.read_all();
    CHECK(list.files == Files{abc("a b"), abc("c"), abc("sub/d"), abc("e"), abc("/tmp/#f")});
    CHECK(list.problems.size() == 2);
}

TEST_CASE("the hash set of NIST") {
    ListText list("\"SHA-1\",\"MD5\",\"CRC32\",\"FileName\",\"FileSize\"\n\"" + sha1 + "\",\"" +
                  md5 + "\",\"0\",\"a \"\"b\"\", c\",3\n\"00\",\"" + md5 +
                  "\",\"0\",\"d\",3\n\"open\n");
    list.read_all();
    CHECK(list.files ==
          Files{{"a \"b\", c", std::nullopt, {{Algorithm::sha1, sha1}, {Algorithm::md5, md5}}}});
    CHECK(list.problems == Lines{3, 4});
}
