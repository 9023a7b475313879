// package.json and terms.json (evidence-package(5)).
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/utc_time.h"
#include "custody/event.h"
#include "digest/digest.h"

namespace evidence {

enum class TimestampPolicy { included, later, none };
enum class PackageKind { seal, disclosure };

struct PreviousPackage {
    std::string file_sha256, manifest_sha256;
};

struct PackageDocument {
    std::string case_number, case_title;
    Json conditions = Json::array();
    UtcTime created_at;
    std::string id;
    PackageKind kind = PackageKind::seal;
    std::string ledger_id;
    Sha256 ledger_link{};
    std::uint64_t ledger_size = 0, objects = 0, records = 0;
    std::optional<PreviousPackage> previous;
    Actor sealed_by;
    TimestampPolicy timestamp = TimestampPolicy::none;
    std::vector<std::string> cosigned_by;
    std::string tool_name, tool_version;
};

// Of a disclosure: the package it was cut from. Signed by 002, so that no level of a blind one can
// be left out or put in.
struct TermsOrigin {
    std::string package_id;
    Sha256 items_root{};
    bool operator==(const TermsOrigin&) const = default;
};

struct TermsDocument {
    Json conditions = Json::array();
    UtcTime created_at;
    std::string ledger_id, package_id;
    std::string sealer_certificate_sha256, sealer_name, sealer_organization;
    std::optional<TermsOrigin> origin;  // exactly of a disclosure
};

std::string format_package_document(const PackageDocument& document);  // with its newline
PackageDocument parse_package_document(std::string_view text, std::string_view where);
std::string format_terms_document(const TermsDocument& document);
TermsDocument parse_terms_document(std::string_view text, std::string_view where);

// The member `conditions`: objects with at least kind and text. Error(malformed) otherwise.
Json conditions_member(const Json& document, std::string_view where);

}  // namespace evidence
