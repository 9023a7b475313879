// package.json, terms.json, bagit.txt, bag-info.txt, mimetype: each well-formed, and equal where
// they say the same thing.
#include "base/error.h"
#include "package/item_tree.h"
#include "package/manifests.h"
#include "verification/legal_check.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

// Runs a parser; a malformed document is a finding.
template <typename Document>
std::optional<Document> parse_entry(const PackageCheck& check, std::string_view name,
                                    Document (*parse)(std::string_view, std::string_view)) {
    const std::optional<std::string> text = check.text_of(name);
    if (!text) return std::nullopt;
    try {
        return parse(*text, name);
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), std::string(name));
        return std::nullopt;
    }
}

void expect_text(const PackageCheck& check, std::string_view name, std::string_view expected) {
    const std::optional<std::string> text = check.text_of(name);
    if (!text || *text == expected) return;
    check.fail("bag.malformed-tag-file", Layer::structure, "not what the format fixes for it",
               std::string(name));
}

void expect_equal(const PackageCheck& check, bool equal, std::string code, std::string message,
                  std::string where) {
    if (!equal) check.fail(std::move(code), Layer::structure, std::move(message), std::move(where));
}

void check_bag_info(const PackageCheck& check) {
    const std::optional<std::string> info = check.text_of("bag-info.txt");
    if (!info) return;
    if (check.package) {
        expect_equal(check, bag_info_value(*info, "External-Identifier") == check.package->id,
                     "package.id-differs", "External-Identifier is not the id of package.json",
                     "bag-info.txt");
        const std::string sender = bag_info_value(*info, "Internal-Sender-Identifier");
        expect_equal(
            check, sender.empty() || sender == check.package->case_number, "package.case-differs",
            "Internal-Sender-Identifier is not the case number of package.json", "bag-info.txt");
    }
    std::uint64_t bytes = 0, files = 0;
    for (const ZipEntry& entry : check.structure.entries) {
        if (!is_payload(entry.name)) continue;
        bytes += entry.size;
        ++files;
    }
    expect_equal(check,
                 bag_info_value(*info, "Payload-Oxum") ==
                     std::to_string(bytes) + "." + std::to_string(files),
                 "bag.wrong-oxum",
                 "Payload-Oxum does not fit the payload (expected " + std::to_string(bytes) + "." +
                     std::to_string(files) + ")",
                 "bag-info.txt");
}

void check_terms(const PackageCheck& check) {
    const PackageDocument& package = *check.package;
    const TermsDocument& terms = *check.terms;
    const std::string where = "terms.json";
    expect_equal(check, terms.package_id == package.id, "package.id-differs",
                 "names another package than package.json", where);
    expect_equal(check, terms.ledger_id == package.ledger_id, "package.ledger-differs",
                 "names another ledger than package.json", where);
    expect_equal(check, terms.conditions == package.conditions, "package.conditions-differ",
                 "conditions are not those of package.json", where);
    expect_equal(check, terms.created_at == package.created_at, "package.time-differs",
                 "created_at is not that of package.json", where);
    expect_equal(check,
                 terms.sealer_certificate_sha256 == package.sealed_by.certificate_sha256 &&
                     terms.sealer_name == package.sealed_by.name &&
                     terms.sealer_organization == package.sealed_by.organization,
                 "package.sealer-differs", "sealed_by is not that of package.json", where);
    expect_equal(check, terms.origin.has_value() == (package.kind == PackageKind::disclosure),
                 "package.kind-differs", "an origin belongs to a disclosure, and only to one",
                 where);
}

void check_request(const PackageCheck& check) {
    if (!check.structure.find("request.json")) return;
    const std::optional<std::string> text = check.text_of("request.json");
    if (!text) return;
    try {
        Json request = parse_canonical_document(*text, "request.json");
        if (text->size() <= shown_request_max_bytes) check.report.request = std::move(request);
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), "request.json");
    }
}

void note_facts(const PackageCheck& check) {
    const PackageDocument& package = *check.package;
    check.report.package_id = package.id;
    check.report.case_number = package.case_number;
    check.report.case_title = package.case_title;
    check.report.sealed_by = package.sealed_by;
    check.report.created_at = package.created_at;
    check.report.records = package.records;
    check.report.conditions = package.conditions;
    check.report.sealing_tool = kept_text(package.tool_name + " " + package.tool_version);
}

// Files of another package are the business of a disclosure; nothing else gives them a meaning.
void check_no_origin(const PackageCheck& check) {
    for (const ZipEntry& entry : check.structure.entries) {
        if (!entry.name.starts_with("origin/")) continue;
        check.fail("zip.unexpected-entry", Layer::structure, "belongs only in a disclosure",
                   entry.name);
    }
}

void check_kind(PackageCheck& check) {
    const bool has_disclosure = check.structure.find("disclosure.json") != nullptr;
    const bool is_disclosure = check.package->kind == PackageKind::disclosure;
    check.report.is_disclosure = is_disclosure;
    expect_equal(check, has_disclosure == is_disclosure, "package.kind-differs",
                 "kind does not fit the presence of disclosure.json", "package.json");
    if (!is_disclosure) {
        check_no_origin(check);
        return;
    }
    check.disclosure = parse_entry(check, "disclosure.json", parse_disclosure_document);
    if (!check.disclosure) return;
    check.report.disclosure = check.disclosure;
    expect_equal(check, check.disclosure->conditions == check.package->conditions,
                 "package.conditions-differ", "conditions are not those of package.json",
                 "disclosure.json");
}

}  // namespace

void check_documents(PackageCheck& check) {
    expect_text(check, "mimetype", package_mimetype);
    expect_text(check, "bagit.txt", bagit_txt);
    check.package = parse_entry(check, "package.json", parse_package_document);
    check.terms = parse_entry(check, "terms.json", parse_terms_document);
    if (check.package) {
        note_facts(check);
        add_conditions(check.package->conditions, "package.json", check.findings());
        check_kind(check);
    }
    if (check.package && check.terms) check_terms(check);
    check_bag_info(check);
    check_request(check);
}

}  // namespace evidence
