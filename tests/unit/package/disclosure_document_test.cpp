#include "package/disclosure_document.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace evidence;

namespace {

DisclosureDocument document(DisclosureKind kind = DisclosureKind::blind) {
    DisclosureDocument document;
    document.asked = "one mailbox";
    document.authority = "";
    document.legal_basis = "UNCC 43";
    document.conditions.push_back(Json::object({{"kind", "use-limit"}, {"text", "here"}}));
    document.disclosed = 2;
    document.given = GivenTo{"A Judge", ""};
    document.kind = kind;
    document.objects = {{"data/000001.bin", 1}, {"data/000002.tar", 3}};
    document.of = 9;
    document.origin = {"0192c0de-0000-4000-8000-000000000001", sha256("root"), 9, {}};
    if (kind == DisclosureKind::named) document.origin.manifest_sha256 = sha256("manifest");
    return document;
}

bool is_accepted(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    try {
        parse_disclosure_document(text, "disclosure.json");
        return true;
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        return false;
    }
}

}  // namespace

TEST_CASE("disclosure.json is read as it was written") {
    for (const DisclosureKind kind : {DisclosureKind::blind, DisclosureKind::named}) {
        DisclosureDocument written = document(kind);
        const std::string text = format_disclosure_document(written);
        CHECK(parse_disclosure_document(text, "disclosure.json") == written);
        CHECK(text.find("\"withheld\":7}") != std::string::npos);
        CHECK((text.find("manifest_sha256") != std::string::npos) ==
              (kind == DisclosureKind::named));
        written.given = std::nullopt;
        written.objects.clear();
        CHECK(parse_disclosure_document(format_disclosure_document(written), "x") == written);
    }
}

TEST_CASE("disclosure.json whose parts do not agree is refused") {
    const std::string blind = format_disclosure_document(document());
    CHECK(is_accepted(blind, "one mailbox", "two"));
    CHECK_FALSE(is_accepted(blind, "\"withheld\":7", "\"withheld\":6"));
    CHECK_FALSE(is_accepted(blind, "\"disclosed\":2", "\"disclosed\":10"));
    CHECK_FALSE(is_accepted(blind, "\"tree_size\":9", "\"tree_size\":8"));
    CHECK_FALSE(is_accepted(blind, "\"kind\":\"blind\"", "\"kind\":\"named\""));
    CHECK_FALSE(is_accepted(blind, "\"kind\":\"blind\"", "\"kind\":\"other\""));
    CHECK_FALSE(is_accepted(blind, "\"proof\":1", "\"proof\":0"));
    CHECK_FALSE(is_accepted(blind, "\"proof\":3", "\"proof\":1"));
    CHECK_FALSE(is_accepted(blind, "data/000002.tar", "data/000001.bin"));
    CHECK_FALSE(is_accepted(blind, "data/000002.tar", "terms.json"));
    CHECK_FALSE(is_accepted(blind, "evidence-disclosure/1", "evidence-disclosure/2"));
    CHECK_FALSE(is_accepted(blind, "\"A Judge\"", "\"\""));
    CHECK_FALSE(is_accepted(blind, "0192c0de-", "0192C0DE-"));
    CHECK_FALSE(is_accepted(blind, "\"kind\":\"use-limit\",", ""));
    CHECK_FALSE(is_accepted(blind, "\"asked\"", "\"Asked\""));
    const std::string named = format_disclosure_document(document(DisclosureKind::named));
    CHECK_FALSE(is_accepted(named, "\"kind\":\"named\"", "\"kind\":\"blind\""));
}
