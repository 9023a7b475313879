#include "package/documents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/context.h"
#include "base/error.h"
#include "base/hex.h"
#include "package/document_members.h"

namespace evidence {
namespace {

constexpr std::string_view package_format = "evidence-package/1";
constexpr std::string_view terms_format = "evidence-terms/1";

// Names a value by its place in the enumeration.
constexpr std::array<std::string_view, 3> timestamp_names = {"included", "later", "none"};
constexpr std::array<std::string_view, 2> kind_names = {"seal", "disclosure"};

template <typename Enum, std::size_t size>
std::string_view name_in(const std::array<std::string_view, size>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

template <typename Enum, std::size_t size>
Enum value_in(const std::array<std::string_view, size>& names, const Json& object,
              std::string_view member, std::string_view where) {
    const std::string& text = object.at(member).string();
    for (std::size_t i = 0; i < size; ++i) {
        if (names[i] == text) return static_cast<Enum>(i);
    }
    fail_member(where, member, "a value of the format");
}

void require_format(const Json& document, std::string_view format, std::string_view where) {
    if (document.at("format").string() != format) fail_member(where, "format", format);
}

const std::string& uuid_member(const Json& object, std::string_view member,
                               std::string_view where) {
    const std::string& text = object.at(member).string();
    if (!is_uuid(text)) fail_member(where, member, "a UUID in lower case");
    return text;
}

Json previous_to_json(const std::optional<PreviousPackage>& previous) {
    if (!previous) return {};
    return Json::object(
        {{"file_sha256", previous->file_sha256}, {"manifest_sha256", previous->manifest_sha256}});
}

std::optional<PreviousPackage> previous_from_json(const Json& json, std::string_view where) {
    if (json.is_null()) return std::nullopt;
    require_members(json, {"file_sha256", "manifest_sha256"}, {}, where);
    return PreviousPackage{hex_member(json, "file_sha256", 64, where),
                           hex_member(json, "manifest_sha256", 64, where)};
}

// Each certificate once and never the sealer's own: two signatures of one person are not two
// persons.
std::vector<std::string> cosigners_from_json(const Json* json, const std::string& sealer,
                                             std::string_view where) {
    std::vector<std::string> cosigners;
    if (!json) return cosigners;
    for (const Json& fingerprint : json->items()) {
        if (!is_hex(fingerprint.string(), 64)) {
            fail_member(where, "cosigned_by", "certificate fingerprints");
        }
        if (fingerprint.string() == sealer || std::find(cosigners.begin(), cosigners.end(),
                                                        fingerprint.string()) != cosigners.end()) {
            fail_member(where, "cosigned_by", "every co-signer once, and not the sealer");
        }
        cosigners.push_back(fingerprint.string());
    }
    if (cosigners.empty()) fail_member(where, "cosigned_by", "at least one co-signer");
    return cosigners;
}

}  // namespace

Json conditions_member(const Json& document, std::string_view where) {
    const Json& conditions = document.at("conditions");
    for (const Json& condition : conditions.items()) {
        const bool is_complete = condition.find("kind") && condition.find("text");
        if (!is_complete || condition.at("kind").string().empty() ||
            !condition.at("text").is_string()) {
            fail_member(where, "conditions", "objects with kind and text");
        }
    }
    return conditions;
}

std::string format_package_document(const PackageDocument& document) {
    Json json = Json::object({
        {"case", Json::object({{"number", document.case_number}, {"title", document.case_title}})},
        {"conditions", document.conditions},
        {"created_at", format_utc(document.created_at)},
        {"format", package_format},
        {"id", document.id},
        {"kind", name_in(kind_names, document.kind)},
        {"ledger", Json::object({{"id", document.ledger_id},
                                 {"link", to_hex(document.ledger_link)},
                                 {"size", document.ledger_size}})},
        {"objects", document.objects},
        {"previous", previous_to_json(document.previous)},
        {"records", document.records},
        {"sealed_by", to_json(document.sealed_by)},
        {"timestamp", name_in(timestamp_names, document.timestamp)},
        {"tool", Json::object({{"name", document.tool_name}, {"version", document.tool_version}})},
    });
    if (!document.cosigned_by.empty()) {
        Json cosigners = Json::array();
        for (const std::string& fingerprint : document.cosigned_by)
            cosigners.push_back(fingerprint);
        json.set("cosigned_by", std::move(cosigners));
    }
    return canonical(json) + "\n";
}

PackageDocument parse_package_document(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    require_members(json,
                    {"case", "conditions", "created_at", "format", "id", "kind", "ledger",
                     "objects", "previous", "records", "sealed_by", "timestamp", "tool"},
                    {"cosigned_by"}, where);
    require_format(json, package_format, where);
    const Json& in_case = json.at("case");
    const Json& ledger = json.at("ledger");
    const Json& tool = json.at("tool");
    require_members(in_case, {"number", "title"}, {}, where);
    require_members(ledger, {"id", "link", "size"}, {}, where);
    require_members(tool, {"name", "version"}, {}, where);

    PackageDocument document;
    document.case_number = in_case.at("number").string();
    document.case_title = in_case.at("title").string();
    document.conditions = conditions_member(json, where);
    document.created_at = time_member(json, "created_at", where);
    document.id = uuid_member(json, "id", where);
    document.kind = value_in<PackageKind>(kind_names, json, "kind", where);
    document.ledger_id = hex_member(ledger, "id", 32, where);
    document.ledger_link = sha256_member(ledger, "link", where);
    document.ledger_size = ledger.at("size").size();
    document.objects = json.at("objects").size();
    document.records = json.at("records").size();
    document.previous = previous_from_json(json.at("previous"), where);
    document.sealed_by = actor_from_json(json.at("sealed_by"), where);
    if (!document.sealed_by.is_signed()) fail_member(where, "sealed_by", "a certificate");
    document.timestamp = value_in<TimestampPolicy>(timestamp_names, json, "timestamp", where);
    document.cosigned_by =
        cosigners_from_json(json.find("cosigned_by"), document.sealed_by.certificate_sha256, where);
    document.tool_name = tool.at("name").string();
    document.tool_version = tool.at("version").string();
    return document;
}

std::string format_terms_document(const TermsDocument& document) {
    Json json = Json::object(
        {{"conditions", document.conditions},
         {"created_at", format_utc(document.created_at)},
         {"format", terms_format},
         {"ledger", document.ledger_id},
         {"package", document.package_id},
         {"sealed_by", Json::object({{"certificate_sha256", document.sealer_certificate_sha256},
                                     {"name", document.sealer_name},
                                     {"organization", document.sealer_organization}})}});
    if (document.origin) {
        json.set("origin", Json::object({{"items_root", to_hex(document.origin->items_root)},
                                         {"package", document.origin->package_id}}));
    }
    return canonical(json) + "\n";
}

TermsDocument parse_terms_document(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    require_members(json, {"conditions", "created_at", "format", "ledger", "package", "sealed_by"},
                    {"origin"}, where);
    require_format(json, terms_format, where);
    const Json& sealed_by = json.at("sealed_by");
    require_members(sealed_by, {"certificate_sha256", "name", "organization"}, {}, where);

    TermsDocument document;
    document.conditions = conditions_member(json, where);
    document.created_at = time_member(json, "created_at", where);
    document.ledger_id = hex_member(json, "ledger", 32, where);
    document.package_id = uuid_member(json, "package", where);
    document.sealer_certificate_sha256 = hex_member(sealed_by, "certificate_sha256", 64, where);
    document.sealer_name = sealed_by.at("name").string();
    document.sealer_organization = sealed_by.at("organization").string();
    if (const Json* origin = json.find("origin")) {
        require_members(*origin, {"items_root", "package"}, {}, where);
        TermsOrigin& found = document.origin.emplace();
        found.package_id = uuid_member(*origin, "package", where);
        const Bytes root = from_hex(hex_member(*origin, "items_root", 64, where)).value();
        std::copy(root.begin(), root.end(), found.items_root.begin());
    }
    return document;
}

}  // namespace evidence
