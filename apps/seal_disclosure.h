// evidence-seal --from: a part of a finished package, as a package of its own.
#pragma once

#include "package/disclose.h"
#include "seal_timestamps.h"

namespace evidence::cli {

struct DisclosureOptions {
    std::string from;  // package
    std::vector<std::string> only, patterns, ranges, replacements;
    std::string list;  // file with one ITEM or ITEM/PATH a line; - is standard input
    bool is_named = false, is_blind = false, with_item_record = false;
    std::string asked, legal_basis, given_name, given_organization;

    bool is_any() const;
};
void add_disclosure_options(CLI::App& app, DisclosureOptions& options);

// Error(usage) when they do not go together.
void require_consistent(const DisclosureOptions& options);

// Of a named disclosure that replaces something: what that tells of it.
void warn_of_told_digests(const DisclosureOptions& options);

// What is asked for; the terms of every package are left to the caller. `actor` gives the
// authority relied on and, for --replace, the reason.
DiscloseRequest disclosure_request(const DisclosureOptions& options, const ActorOptions& actor);

// Further lines for people: what was given of what.
std::string disclosure_text(const SealedPackage& package);
// Members for evidence-disclose-result/1, besides those of every package.
void add_disclosure_members(Json& document, const SealedPackage& package);

}  // namespace evidence::cli
