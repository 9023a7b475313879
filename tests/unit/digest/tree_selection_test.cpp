#include "digest/tree_selection.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// A mail folder with something of every kind that a rule may be about.
struct SelectionFixture : AcquireFixture {
    SelectionFixture() {
        for (const char* inside : {"mail/inbox", "mail/sent", "photos/2026"}) {
            fs::create_directories(source() / inside);
        }
        for (const char* file : {"mail/inbox/1.eml", "mail/inbox/2.eml", "mail/inbox/cache.tmp",
                                 "mail/sent/3.eml", "photos/2026/a.jpg", "notes.txt"}) {
            write_file(source() / file, file);
        }
    }
    AcquiredItem acquire_selected(const TreeSelection& selection) {
        AcquireRequest wanted = request(source());
        wanted.selection = selection;
        return evidence::acquire(folder, wanted, context);
    }
    // "mail mail/inbox mail/inbox/1.eml"
    std::string captured() const {
        std::string names;
        for (const std::string& line : lines_of(item("X-1") / "index.jsonl")) {
            const Json record = parse_canonical(line, "index.jsonl").at("record");
            names += (names.empty() ? "" : " ") + record.at("name").string();
        }
        return names;
    }
    // "photos: not included"
    std::vector<std::string> omitted() const {
        std::vector<std::string> all;
        for (const std::string& line : lines_of(item("X-1") / "omitted.jsonl")) {
            const Json omission = parse_canonical(line, "omitted.jsonl");
            all.push_back(omission.at("name").string() + ": " + omission.at("rule").string());
        }
        return all;
    }
    TreeSelection::NameList list(std::string_view text) {
        fs::remove(scratch / "list");
        write_file(scratch / "list", text);
        return read_name_list(scratch / "list");
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what is excluded is left out with all below it, and accounted for") {
    SelectionFixture fixture;
    TreeSelection selection;
    selection.exclude = {NamePattern("*.tmp"), NamePattern("photos")};
    const AcquiredItem item = fixture.acquire_selected(selection);
    CHECK(fixture.captured() ==
          "mail mail/inbox mail/inbox/1.eml mail/inbox/2.eml mail/sent mail/sent/3.eml notes.txt");
    CHECK(fixture.omitted() ==
          Lines{"mail/inbox/cache.tmp: exclude *.tmp", "photos: exclude photos"});
    CHECK(item.account->excluded == 2);
    CHECK(item.account->seen() == 9);
    CHECK(item.complete);  // nothing is missing of what was asked for
    CHECK(canonical(fixture.record("X-1").at("options").at("selection")) ==
          R"({"exclude":["*.tmp","photos"]})");
}

TEST_CASE("what is included comes with all below it and the folders on the way") {
    SelectionFixture fixture;
    TreeSelection selection;
    selection.include = {NamePattern("mail/inbox")};
    selection.exclude = {NamePattern("*.tmp")};
    fixture.acquire_selected(selection);
    CHECK(fixture.captured() == "mail mail/inbox mail/inbox/1.eml mail/inbox/2.eml");
    CHECK(fixture.omitted() == Lines{"mail/inbox/cache.tmp: exclude *.tmp",
                                     "mail/sent: not included", "notes.txt: not included",
                                     "photos: not included"});
}

TEST_CASE("a pattern for names finds them in every folder") {
    SelectionFixture fixture;
    TreeSelection selection;
    selection.include = {NamePattern("*.eml")};
    fixture.acquire_selected(selection);
    CHECK(fixture.captured() ==
          "mail mail/inbox mail/inbox/1.eml mail/inbox/2.eml mail/sent mail/sent/3.eml photos "
          "photos/2026");
}

TEST_CASE("of a list everything named is captured, and what was not there is said") {
    SelectionFixture fixture;
    TreeSelection selection;
    selection.listed = fixture.list("./mail/sent/\nnotes.txt\n\nmail/lost.eml\nnotes.txt\n");
    selection.exclude = {NamePattern("photos")};
    CHECK(selection.listed->names == Lines{"mail/lost.eml", "mail/sent", "notes.txt"});
    const AcquiredItem item = fixture.acquire_selected(selection);
    CHECK(fixture.captured() == "mail mail/sent mail/sent/3.eml notes.txt");
    CHECK(fixture.omitted() == Lines{"mail/inbox: not included", "photos: exclude photos",
                                     "mail/lost.eml: listed, not there"});
    CHECK(item.account->failed == 1);
    CHECK_FALSE(item.complete);
    const Json recorded = fixture.record("X-1").at("options").at("selection").at("files_from");
    CHECK(recorded.at("names").integer() == 3);
    CHECK(recorded.at("sha256").string() == selection.listed->sha256);
}

TEST_CASE("what is below an excluded folder was not looked for") {
    SelectionFixture fixture;
    TreeSelection selection;
    selection.listed = fixture.list("photos/2026/a.jpg\nnotes.txt\n");
    selection.exclude = {NamePattern("photos")};
    CHECK(fixture.acquire_selected(selection).complete);
}

TEST_CASE("a list with NULs can name everything") {
    SelectionFixture fixture;
    const std::string name = "two\nlines";
    write_file(fixture.source() / name, "x");
    TreeSelection selection;
    selection.listed = fixture.list(name + std::string(1, '\0') + "notes.txt");
    CHECK(selection.listed->names == Lines{"notes.txt", name});
    CHECK(fixture.acquire_selected(selection).complete);
    CHECK(fixture.captured() == "notes.txt two\nlines");
}

TEST_CASE("lists that cannot be meant are refused") {
    SelectionFixture fixture;
    for (const char* text : {"", "\n\n", "/etc/passwd\n", "../x\n", "a/./b\n", "a//b\n", "."}) {
        CAPTURE(text);
        CHECK_THROWS_AS(fixture.list(text), Error);
    }
    CHECK_THROWS_AS(fixture.list(std::string(name_list_max_bytes + 1, 'a')), Error);
}

TEST_CASE("only a folder can be chosen from") {
    SelectionFixture fixture;
    AcquireRequest wanted = fixture.request(fixture.source() / "notes.txt");
    wanted.selection.include = {NamePattern("*")};
    CHECK(fixture.failure_of(wanted).kind() == ErrorKind::usage);
    CHECK(fixture.item_names().empty());
}
