#include "package/disclosure_selection.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::string line(const std::string& item, const std::string& kind, const std::string& name = {},
                 const std::string& type = "file") {
    std::string record =
        R"({"format":"evidence-record/1","item":")" + item + R"(","kind":")" + kind;
    if (kind == "entry") record += R"(","name":")" + name + R"(","salt":"00","type":")" + type;
    return R"({"at":{"object":"data/000001.bin"},"record":)" + record + "\"}}";
}

Role role_of(RecordChooser& chooser, const std::string& text) {
    const auto scanned = scan_record_line(text);
    REQUIRE(scanned);
    return chooser.role_of(*scanned);
}

Role role_of(const DisclosureSelection& selection, const std::string& text) {
    RecordChooser chooser(selection);
    return role_of(chooser, text);
}

}  // namespace

TEST_CASE("an item means all of its records") {
    DisclosureSelection selection;
    selection.only = {"TREE-1"};
    for (const char* kind : {"tree", "entry", "segment", "region", "redaction"}) {
        CHECK(role_of(selection, line("TREE-1", kind, "a")) == Role::whole);
        CHECK(role_of(selection, line("TREE-10", kind, "a")) == Role::withheld);
    }
}

TEST_CASE("a file of a tree is cut out, its tree withheld") {
    DisclosureSelection selection;
    selection.only = {"TREE-1/a b/c"};
    CHECK(role_of(selection, line("TREE-1", "entry", "a b/c")) == Role::cut);
    CHECK(role_of(selection, line("TREE-1", "entry", "a b")) == Role::withheld);
    CHECK(role_of(selection, line("TREE-2", "entry", "a b/c")) == Role::withheld);
    CHECK(role_of(selection, line("TREE-1", "tree")) == Role::withheld);
}

TEST_CASE("patterns take files, and count what they pass over") {
    DisclosureSelection selection;
    selection.patterns = {"inbox/*"};
    RecordChooser chooser(selection);
    CHECK(role_of(chooser, line("T", "entry", "inbox/1")) == Role::cut);
    CHECK(role_of(chooser, line("T", "entry", "inbox/link", "symlink")) == Role::withheld);
    CHECK(role_of(chooser, line("T", "entry", "sent/1")) == Role::withheld);
    CHECK(chooser.passed_over() == 1);
    CHECK_NOTHROW(chooser.require_all_found());
}

TEST_CASE("what was named and is no file is refused") {
    DisclosureSelection selection;
    selection.only = {"T/link"};
    RecordChooser chooser(selection);
    CHECK_THROWS_AS(role_of(chooser, line("T", "entry", "link", "symlink")), Error);
}

TEST_CASE("every wish has to be found") {
    DisclosureSelection selection;
    selection.only = {"A", "T/x"};
    RecordChooser chooser(selection);
    CHECK(role_of(chooser, line("A", "file")) == Role::whole);
    try {
        chooser.require_all_found();
        FAIL("found");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::not_found);
        CHECK(error.message().find("T/x") != std::string::npos);
    }
}

TEST_CASE("wishes that contradict each other are refused") {
    const auto is_refused = [](const DisclosureSelection& selection) {
        try {
            RecordChooser chooser(selection);
            return false;
        } catch (const Error& error) {
            return error.kind() == ErrorKind::usage;
        }
    };
    DisclosureSelection selection;
    selection.replacements = {{"A", "x"}};
    CHECK(is_refused(selection));  // for no reason
    selection.reason = "privacy";
    CHECK_FALSE(is_refused(selection));
    selection.replacements = {{"A", "x"}, {"A", "y"}};
    CHECK(is_refused(selection));
    selection.replacements = {{"A/b", "x"}};
    selection.only = {"A"};
    CHECK(is_refused(selection));
    selection.only = {"A/b"};
    CHECK(is_refused(selection));
    selection.only = {"A/c"};
    CHECK_FALSE(is_refused(selection));
    selection = {};
    selection.ranges = {{"A", 5, 5}};
    CHECK(is_refused(selection));
    selection.ranges = {{"A", 0, 5}};
    CHECK_FALSE(is_refused(selection));
    selection.only = {"A"};
    CHECK(is_refused(selection));
}
