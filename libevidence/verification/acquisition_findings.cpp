#include "verification/acquisition_findings.h"

#include "acquisition/item_files.h"

namespace evidence {
namespace {

std::int64_t number_at(const Json& object, std::string_view key) {
    const Json* member = object.find(key);
    return member && member->is_integer() ? member->integer() : 0;
}

std::string_view text_at(const Json& object, std::string_view key) {
    const Json* member = object.find(key);
    return member && member->is_string() ? std::string_view(member->string()) : "";
}

void add(Findings& findings, std::string code, Weight weight, std::string message,
         const std::string& item) {
    findings.add(std::move(code), Layer::acquisition, weight, std::move(message), item);
}

void add_account(const Json& account, const std::string& item, Weight weight_of_incomplete,
                 Findings& findings) {
    const std::int64_t seen = number_at(account, "seen"), failed = number_at(account, "failed");
    const std::int64_t excluded = number_at(account, "excluded");
    const std::int64_t changed = number_at(account, "changed");
    const std::string of_seen = " of " + std::to_string(seen);
    if (failed > 0) {
        add(findings, "acquisition.unreadable-files", Weight::indeterminate,
            std::to_string(failed) + of_seen + " files could not be read", item);
    }
    if (excluded > 0) {
        add(findings, "acquisition.omitted-files", weight_of_incomplete,
            std::to_string(excluded) + of_seen + " files were left out by a rule", item);
    }
    if (changed > 0) {
        add(findings, "acquisition.changed-files", weight_of_incomplete,
            std::to_string(changed) + of_seen + " files changed while they were read", item);
    }
}

// An object that is one stream of bytes: whoever wrote to it while it was read may have left parts
// of two states side by side.
void add_changed_source(const Json& account, const std::string& item, Findings& findings) {
    if (number_at(account, "changed") == 0) return;
    add(findings, "acquisition.source-changed", Weight::indeterminate,
        "the source was written to while it was read", item);
}

// Kept on request; only an honest "met":true is good news.
void add_expectation(const Json& expected, const std::string& item, Findings& findings) {
    const Json* met = expected.find("met");
    if (met && met->is_bool() && met->boolean()) return;
    add(findings, "acquisition.expectation-missed", Weight::indeterminate,
        "the object has another size or digest than was announced for its source", item);
}

// An E01 set that came from elsewhere: what its maker stored about the content.
void add_taken_in(const Json& taken_in, const std::string& item, Findings& findings) {
    const std::string_view result = text_at(taken_in, "result");
    if (result == "match") return;
    if (result == "absent") {
        add(findings, "acquisition.stored-digest-absent", Weight::warning,
            "the image that was taken in held no digest of its content", item);
        return;
    }
    add(findings, "acquisition.stored-digest-mismatch", Weight::indeterminate,
        "the content of the image that was taken in is not what its maker stored about it", item);
}

std::string failed_check(const Json& check) {
    std::string text(text_at(check, "check"));
    const std::string_view detail = text_at(check, "detail");
    if (!detail.empty()) text.append(" (").append(detail).append(")");
    return text;
}

void add_preflight(const Json& preflight, const std::string& item, Findings& findings) {
    if (!preflight.is_array()) return;
    for (const Json& check : preflight.items()) {
        const std::string_view name = text_at(check, "check"), result = text_at(check, "result");
        if (result == "fail") {
            const bool writable = name.find("read-only") != std::string_view::npos;
            add(findings, writable ? "acquisition.source-writable" : "acquisition.preflight-failed",
                Weight::warning,
                writable ? "the source was not protected against writing"
                         : "preflight check failed: " + failed_check(check),
                item);
        } else if (result == "unknown") {
            add(findings, "acquisition.preflight-unknown", Weight::info,
                "preflight check could not be made: " + std::string(name), item);
        }
    }
}

}  // namespace

void add_acquisition_findings(const Json& record, const std::string& item,
                              const Requirements& required, Findings& findings) {
    const Weight weight_of_incomplete =
        required.has(Requirement::complete_acquisition) ? Weight::indeterminate : Weight::warning;
    if (const Json* account = record.find("account")) {
        const bool is_tree = text_at(record, "method") == name_of(ItemKind::tree);
        if (is_tree) {
            add_account(*account, item, weight_of_incomplete, findings);
        } else {
            add_changed_source(*account, item, findings);
        }
    }
    if (const Json* map = record.find("map"); map && number_at(*map, "bad_bytes") > 0) {
        add(findings, "acquisition.unread-ranges", Weight::indeterminate,
            std::to_string(number_at(*map, "bad_bytes")) + " bytes of the source could not be read",
            item);
    }
    if (record.find("resumed")) {
        add(findings, "acquisition.resumed", Weight::warning,
            "the acquisition was gone on with after a break; nobody signed what was there before",
            item);
    }
    if (const Json* expected = record.find("expected")) add_expectation(*expected, item, findings);
    if (const Json* taken_in = record.find("taken_in")) add_taken_in(*taken_in, item, findings);
    if (const Json* preflight = record.find("preflight")) add_preflight(*preflight, item, findings);
}

}  // namespace evidence
