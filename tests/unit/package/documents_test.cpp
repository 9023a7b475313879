#include "package/documents.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "sample.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// The document with one member replaced; a null Json removes nothing, it becomes null.
std::string changed(const std::string& document, std::string_view member, Json value) {
    Json json = parse_canonical_document(document, "test");
    json.set(member, std::move(value));
    return canonical(json) + "\n";
}

}  // namespace

TEST_CASE("package.json of the sample package is read and reproduced byte for byte") {
    const std::string text = Sample().entry("package.json");
    const PackageDocument document = parse_package_document(text, "package.json");
    CHECK(document.case_number == "HN-2025-7");
    CHECK(document.kind == PackageKind::seal);
    CHECK(document.timestamp == TimestampPolicy::included);
    CHECK(document.records == 7);
    CHECK(document.sealed_by.role == "investigator");
    CHECK_FALSE(document.previous.has_value());
    CHECK(format_package_document(document) == text);
}

TEST_CASE("terms.json of the sample package is read and reproduced byte for byte") {
    const std::string text = Sample().entry("terms.json");
    const TermsDocument document = parse_terms_document(text, "terms.json");
    CHECK(document.sealer_name == "Sample Investigator");
    CHECK(document.conditions.items().size() == 1);
    CHECK(format_terms_document(document) == text);
}

TEST_CASE("previous package and co-signers survive writing and reading") {
    PackageDocument document = parse_package_document(Sample().entry("package.json"), "sample");
    document.previous = PreviousPackage{std::string(64, '1'), std::string(64, '2')};
    document.cosigned_by = {std::string(64, '3')};
    document.kind = PackageKind::disclosure;
    document.timestamp = TimestampPolicy::later;
    const std::string text = format_package_document(document);
    const PackageDocument again = parse_package_document(text, "again");
    CHECK(again.previous->manifest_sha256 == std::string(64, '2'));
    CHECK(again.cosigned_by == document.cosigned_by);
    CHECK(format_package_document(again) == text);
}

TEST_CASE("package.json is refused with any member wrong, missing or unknown") {
    const std::string text = Sample().entry("package.json");
    CHECK_THROWS_AS(parse_package_document(text.substr(0, text.size() - 1), "x"), Error);
    CHECK_THROWS_AS(parse_package_document("{}\n", "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "surprise", 1), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "format", "evidence-package/2"), "x"),
                    Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "id", "1"), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "kind", "gift"), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "timestamp", "soon"), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "records", -1), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "created_at", "2026-11-22"), "x"), Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "previous", Json::object({})), "x"),
                    Error);
    CHECK_THROWS_AS(parse_package_document(changed(text, "cosigned_by", Json::array()), "x"),
                    Error);
    const Json one(std::string(64, '3'));
    const Json sealer(parse_package_document(text, "x").sealed_by.certificate_sha256);
    for (const Json& twice : {Json(Json::Array{one, one}), Json(Json::Array{sealer})}) {
        CHECK_THROWS_AS(parse_package_document(changed(text, "cosigned_by", twice), "x"), Error);
    }
    CHECK_THROWS_AS(parse_package_document(changed(text, "conditions", Json("none")), "x"), Error);
    CHECK_THROWS_AS(
        parse_package_document(
            changed(text, "conditions", Json(Json::Array{Json::object({{"kind", "x"}})})), "x"),
        Error);
    const Json unsigned_actor = Json::object({{"name", "a"}, {"organization", "b"}, {"role", "c"}});
    CHECK_THROWS_AS(parse_package_document(changed(text, "sealed_by", unsigned_actor), "x"), Error);
}

TEST_CASE("terms.json is refused with any member wrong") {
    const std::string text = Sample().entry("terms.json");
    CHECK_THROWS_AS(parse_terms_document(changed(text, "surprise", 1), "x"), Error);
    CHECK_THROWS_AS(parse_terms_document(changed(text, "ledger", "abc"), "x"), Error);
    CHECK_THROWS_AS(parse_terms_document(changed(text, "package", "ABC"), "x"), Error);
    CHECK_THROWS_AS(parse_terms_document(changed(text, "sealed_by", Json::object({})), "x"), Error);
}
