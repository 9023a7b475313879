#include "package/disclosure_document.h"

#include "base/context.h"
#include "base/hex.h"
#include "package/document_members.h"
#include "package/documents.h"
#include "package/package_layout.h"

namespace evidence {
namespace {

constexpr std::string_view disclosure_format = "evidence-disclosure/1";

Json to_json(const std::optional<GivenTo>& given) {
    if (!given) return {};
    return Json::object({{"name", given->name}, {"organization", given->organization}});
}

std::optional<GivenTo> recipient_from_json(const Json& json, std::string_view where) {
    if (json.is_null()) return std::nullopt;
    require_members(json, {"name", "organization"}, {}, where);
    GivenTo given{json.at("name").string(), json.at("organization").string()};
    if (given.name.empty() && given.organization.empty()) {
        fail_member(where, "given", "a name, an organization, or null");
    }
    return given;
}

Json to_json(const OriginFacts& origin) {
    Json json = Json::object({{"items_root", to_hex(origin.items_root)},
                              {"package", origin.package_id},
                              {"tree_size", origin.tree_size}});
    if (origin.manifest_sha256) json.set("manifest_sha256", to_hex(*origin.manifest_sha256));
    return json;
}

OriginFacts origin_from_json(const Json& json, DisclosureKind kind, std::string_view where) {
    require_members(json, {"items_root", "package", "tree_size"}, {"manifest_sha256"}, where);
    OriginFacts origin;
    origin.items_root = sha256_member(json, "items_root", where);
    origin.package_id = json.at("package").string();
    if (!is_uuid(origin.package_id)) fail_member(where, "package", "a UUID in lower case");
    origin.tree_size = json.at("tree_size").size();
    const bool is_named = kind == DisclosureKind::named;
    if ((json.find("manifest_sha256") != nullptr) != is_named) {
        fail_member(where, "manifest_sha256", "exactly in a named disclosure");
    }
    if (is_named) origin.manifest_sha256 = sha256_member(json, "manifest_sha256", where);
    return origin;
}

Json to_json(const std::vector<DisclosedObject>& objects) {
    Json json = Json::array();
    for (const DisclosedObject& object : objects) {
        json.push_back(Json::object({{"object", object.object}, {"proof", object.proof}}));
    }
    return json;
}

std::vector<DisclosedObject> objects_from_json(const Json& json, std::string_view where) {
    std::vector<DisclosedObject> objects;
    if (json.items().size() > max_disclosed_objects) {
        fail_member(where, "objects", "at most 16384 of them");
    }
    for (const Json& each : json.items()) {
        require_members(each, {"object", "proof"}, {}, where);
        DisclosedObject object{each.at("object").string(), each.at("proof").size()};
        if (!is_payload(object.object) || !layout_position(object.object)) {
            fail_member(where, "object", "the name of a payload entry");
        }
        const std::uint64_t behind = objects.empty() ? 0 : objects.back().proof;
        if (object.proof <= behind) fail_member(where, "proof", "rising line numbers from 1");
        if (!objects.empty() && object.object <= objects.back().object) {
            fail_member(where, "object", "rising names");
        }
        objects.push_back(std::move(object));
    }
    return objects;
}

DisclosureKind kind_from_json(const Json& json, std::string_view where) {
    const std::string& text = json.string();
    if (text != "blind" && text != "named") fail_member(where, "kind", "blind or named");
    return text == "blind" ? DisclosureKind::blind : DisclosureKind::named;
}

}  // namespace

std::string_view name_of(DisclosureKind kind) {
    return kind == DisclosureKind::blind ? "blind" : "named";
}

std::string format_disclosure_document(const DisclosureDocument& document) {
    return canonical(Json::object({{"asked", document.asked},
                                   {"authority", document.authority},
                                   {"conditions", document.conditions},
                                   {"disclosed", document.disclosed},
                                   {"format", disclosure_format},
                                   {"given", to_json(document.given)},
                                   {"kind", name_of(document.kind)},
                                   {"legal_basis", document.legal_basis},
                                   {"objects", to_json(document.objects)},
                                   {"of", document.of},
                                   {"origin", to_json(document.origin)},
                                   {"withheld", document.withheld()}})) +
           "\n";
}

DisclosureDocument parse_disclosure_document(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    require_members(json,
                    {"asked", "authority", "conditions", "disclosed", "format", "given", "kind",
                     "legal_basis", "objects", "of", "origin", "withheld"},
                    {}, where);
    if (json.at("format").string() != disclosure_format) {
        fail_member(where, "format", disclosure_format);
    }
    DisclosureDocument document;
    document.asked = json.at("asked").string();
    document.authority = json.at("authority").string();
    document.conditions = conditions_member(json, where);
    document.disclosed = json.at("disclosed").size();
    document.given = recipient_from_json(json.at("given"), where);
    document.kind = kind_from_json(json.at("kind"), where);
    document.legal_basis = json.at("legal_basis").string();
    document.objects = objects_from_json(json.at("objects"), where);
    document.of = json.at("of").size();
    document.origin = origin_from_json(json.at("origin"), document.kind, where);
    if (document.disclosed > document.of || json.at("withheld").size() != document.withheld()) {
        fail_member(where, "withheld", "the difference of of and disclosed");
    }
    if (document.of != document.origin.tree_size) fail_member(where, "of", "the tree size");
    return document;
}

}  // namespace evidence
