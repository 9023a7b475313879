// disclosure.json: what a disclosure gives of the package it was cut from, to whom, and why
// (evidence-package(5), "Disclosure").
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "digest/digest.h"

namespace evidence {

enum class DisclosureKind {
    blind,  // of what is withheld nothing is told but its number
    named,  // every tag file of the original goes along
};

struct GivenTo {
    std::string name, organization;  // one of them may be empty
    bool operator==(const GivenTo&) const = default;
};

struct DisclosedObject {
    std::string object;       // "data/000001.bin"
    std::uint64_t proof = 0;  // line of its first record in items.jsonl and in proofs.jsonl, from 1
    bool operator==(const DisclosedObject&) const = default;
};

// More could not be parsed again: a document has at most json_max_values values.
inline constexpr std::size_t max_disclosed_objects = 16 * 1024;
// A disclosure of a disclosure of a disclosure ..
inline constexpr std::size_t max_origin_levels = 8;

// The package that was cut from.
struct OriginFacts {
    std::string package_id;
    Sha256 items_root{};
    std::uint64_t tree_size = 0;
    std::optional<Sha256> manifest_sha256;  // exactly of a named disclosure
    bool operator==(const OriginFacts&) const = default;
};

struct DisclosureDocument {
    std::string asked, authority, legal_basis;  // empty when not told
    Json conditions = Json::array();
    std::uint64_t disclosed = 0;  // records of the original that are given as they are
    std::optional<GivenTo> given;
    DisclosureKind kind = DisclosureKind::blind;
    std::vector<DisclosedObject> objects;
    std::uint64_t of = 0;  // records the original has
    OriginFacts origin;

    std::uint64_t withheld() const { return of - disclosed; }
    bool operator==(const DisclosureDocument&) const = default;
};

std::string_view name_of(DisclosureKind kind);  // "blind", "named"

std::string format_disclosure_document(const DisclosureDocument& document);  // with its newline
// Strict; Error(malformed) also when its own numbers do not agree: disclosed, withheld and of, of
// and tree_size, a proof that is no line, objects that do not rise.
DisclosureDocument parse_disclosure_document(std::string_view text, std::string_view where);

}  // namespace evidence
