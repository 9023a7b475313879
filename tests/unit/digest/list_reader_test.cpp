#include "digest/list_reader.h"

#include <doctest/doctest.h>

#include <cctype>

#include "base/error.h"
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

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
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

// A file's name must not turn the lines of sha256sum into a specification without digests.
TEST_CASE("a line of sha256sum is no specification of mtree, whatever the file is called") {
    for (const std::string& line :
         {sha256 + "   size=1", sha256 + " type=file", "  " + sha1 + "  \tsize=2",
          "\\" + md5 + "   size=\\n", "MD5 ( size=3) = " + md5, upper(sha256) + "   size=1"}) {
        CAPTURE(line);
        CHECK(list_format_of(line, "x") == ListFormat::sha256sum);
    }
    ListText list(sha256 + "   size=1\n" + sha256 + "  b\n");
    CHECK(list.read_all().files.size() == 2);
    CHECK(list.files.at(0).name == " size=1");
}

TEST_CASE("a mark of UTF-8 is dropped, UTF-16 is refused with its cure") {
    ListText list("\xef\xbb\xbf" + sha256 + "  a\n");
    CHECK(list.read_all().files.size() == 1);
    for (const char* mark : {"\xff\xfe", "\xfe\xff"}) {
        try {
            ListText(mark + sha256 + "  a\n").read_all();
            FAIL("read");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::malformed);
            CHECK(error.hint().find("iconv") != std::string::npos);
        }
    }
}

TEST_CASE("the name of a bag's manifest says its algorithm, unless the caller does") {
    ListReading reading;
    const auto algorithm_in = [&reading](const std::string& name) {
        ListText list(sha256 + "  data/a\n", reading, name);
        return list.read_all().files.at(0).digests.at(0).algorithm;
    };
    CHECK(algorithm_in("a/manifest-sha3256.txt") == Algorithm::sha3_256);
    CHECK(algorithm_in("tagmanifest-sha256.txt") == Algorithm::sha256);
    CHECK(algorithm_in("manifest-of-mine.txt") == Algorithm::sha256);
    CHECK(ListText(sha256 + "  data/a\n", reading, "manifest-sha512.txt").read_all().problems ==
          Lines{1});
    reading.untagged = {Algorithm::sha256};
    CHECK(algorithm_in("manifest-sha3256.txt") == Algorithm::sha256);
}

TEST_CASE("no name has a zero byte") {
    const std::string zero(1, '\0');
    CHECK(ListText("%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n3," + md5 + ",a" + zero + "\n")
              .read_all()
              .problems == Lines{3});
    CHECK(ListText("\"SHA-1\",\"FileName\"\n\"" + sha1 + "\",\"a" + zero + "\"\n")
              .read_all()
              .problems == Lines{2});
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

namespace {

std::string object(const std::string& inner) { return "<fileobject>" + inner + "</fileobject>"; }
std::string named(const std::string& name) {
    return "<filename>" + name + "</filename><hashdigest type='md5'>" + md5 + "</hashdigest>";
}
std::vector<std::string> names_in(ListText& list) {
    std::vector<std::string> names;
    for (const HashListFile& file : list.read_all().files) names.push_back(file.name);
    return names;
}
std::vector<std::string> names_in(const std::string& dfxml) {
    ListText list("<dfxml>" + dfxml + "</dfxml>\n");
    return names_in(list);
}
std::size_t problems_in(const std::string& text) {
    return ListText(text).read_all().problems.size();
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("DFXML: every object counts, however it is written") {
    CHECK(names_in("<fileobject id='1'>" + named("a") + "</fileobject>" + object(named("b"))) ==
          Names{"a", "b"});
    CHECK(names_in("<fileobject\n\tid='1'\n>" + named("a") + "</fileobject >") == Names{"a"});
    CHECK(
        names_in("<d:fileobject note='>'><d:filename>a</d:filename><d:hashdigest type = \"MD5\" >" +
                 md5 + "</d:hashdigest></d:fileobject>") == Names{"a"});
    CHECK(names_in("<volume><fileobject>" + named("a") + "</fileobject></volume>") == Names{"a"});
}

TEST_CASE("DFXML: what is no object of its own does not count") {
    CHECK(names_in("<!-- " + object(named("a")) + "\n -->" + object(named("b"))) == Names{"b"});
    CHECK(names_in("<![CDATA[" + object(named("a")) + "]]>" + object(named("b"))) == Names{"b"});
    ListText runs("<dfxml>" +
                  object("<filename>a</filename><byte_runs><byte_run><hashdigest type='md5'>" +
                         md5 + "</hashdigest></byte_run></byte_runs>") +
                  "</dfxml>\n");
    CHECK(runs.read_all().files.empty());
    CHECK(runs.problems.size() == 1);
}

TEST_CASE("DFXML: folders and links have nothing to check, files do") {
    ListText list("<dfxml>" + object("<filename>d</filename><name_type>d</name_type>") +
                  object("<filename>f</filename><name_type>r</name_type>") + object(named("a")) +
                  "</dfxml>\n");
    CHECK(list.read_all().files.size() == 1);
    CHECK(list.problems.size() == 1);
}

TEST_CASE("DFXML: problems of an object") {
    for (const std::string& inner :
         {named("a") + "<filename>b</filename>", named("a<b/>"), named("a&zero;"), named("a&#0;"),
          named("<![CDATA[a]]>"), named("a") + "text", named("a") + object(named("b")),
          named("a") + "<filesize>1</filesize><filesize>1</filesize>",
          "<hashdigest type='md5'>" + md5 + "</hashdigest>"}) {
        CAPTURE(inner);
        ListText list("<dfxml>" + object(inner) + object(named("next")) + "</dfxml>\n");
        CHECK(list.read_all().problems.size() == 1);
        CHECK(list.files.size() == 1);
        CHECK(list.files.at(0).name == "next");
    }
}

TEST_CASE("DFXML: where it is no XML any more, reading ends") {
    const std::string good = "<dfxml>" + object(named("a"));
    for (const std::string& rest :
         {std::string("</other>"), std::string("</dfxml>text"), std::string("<a b='"),
          std::string("<!-- "), std::string("<!DOCTYPE d [<!ENTITY a 'b'>]>"), std::string(""),
          "<fileobject>" + named("b"), std::string("<?xml version='1.0' encoding='UTF-16'?>")}) {
        CAPTURE(rest);
        ListText list(good + rest + "\n" + (rest.empty() ? "" : object(named("c"))) + "\n");
        CHECK(list.read_all().problems.size() >= 1);
        CHECK(list.files.size() <= 2);
        CHECK(list.files.at(0).name == "a");
    }
    CHECK(problems_in("<?xml version='1.0'?>\n<!DOCTYPE d [<!ENTITY a 'b'>]>\n") == 1);
    std::string deep = "<dfxml>";
    for (int i = 0; i < 100; ++i) deep += "<a>";
    CHECK(problems_in(deep + "\n") == 1);
}

TEST_CASE("DFXML: a token over the limit ends reading, a long line does not") {
    std::string many;
    while (many.size() < hash_list_max_line_bytes - 400) many += object(named("a"));
    CHECK(problems_in("<dfxml>" + many + "</dfxml>\n") == 0);
    const std::string line(100'000, 'x');
    const std::string huge = line + "\n" + line + "\n" + line + "\n" + line + "\n";
    CHECK(problems_in("<dfxml><!--" + huge + "-->\n</dfxml>\n") == 1);
    CHECK(problems_in("<dfxml>\n<fileobject><filename>" + huge + "</filename></fileobject>\n") ==
          1);
    CHECK(problems_in("<dfxml>\n" + huge + "</dfxml>\n") == 0);  // beside any object
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

TEST_CASE("mtree: a comment hides nothing but itself") {
    ListText list("#mtree\n# comment \\\n./a type=file md5=" + md5 +
                  " # said \\\n./b type=file md5=" + md5 + "\n./c\\#d type=file md5=" + md5 + "\n");
    CHECK(names_in(list) == Names{"a", "b", "c#d"});
}

TEST_CASE("mtree: a file without a digest that we know is a problem, a link is none") {
    ListText list("#mtree\n./a type=file size=1\n./b type=file rmd160=00\n./l type=link link=a\n" +
                  sha256 + "  c\n");
    list.read_all();
    CHECK(list.files.empty());
    CHECK(list.problems == Lines{2, 3, 5});
}

TEST_CASE("mtree: a file called - is no standard input") {
    ListText list("#mtree\n./- type=file md5=" + md5 + "\n. type=dir\n- type=file md5=" + md5 +
                  "\n");
    CHECK(names_in(list) == Names{"./-", "./-"});
}

TEST_CASE("mtree: folders and continued lines are bounded") {
    std::string deep = "#mtree\n";
    for (int i = 0; i < 1000; ++i) deep += "a_folder type=dir\n";
    CHECK_THROWS_AS(ListText(deep).read_all(), Error);
    const std::string blanks(hash_list_max_line_bytes / 2, ' ');
    CHECK_THROWS_AS(
        ListText("#mtree\n./a" + blanks + "\\\n" + blanks + "\\\n type=file md5=" + md5 + "\n")
            .read_all(),
        Error);
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
