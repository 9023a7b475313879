// What the checks of one package share: the file, its structure, digests as they are computed, the
// documents once they are parsed. Private to the room.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "acquisition/item_files.h"
#include "base/context.h"
#include "custody/chain.h"
#include "package/disclosure_document.h"
#include "package/documents.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/zip_reader.h"
#include "signature/certificate.h"
#include "signature/timestamp_token.h"
#include "verification/verify_package.h"

namespace evidence {

inline constexpr std::size_t small_entry_max_bytes = 16 * mib;  // documents

// What an item's first record says, kept for the custody and acquisition checks.
struct ItemFacts {
    std::string item, kind;
    std::string object_number;  // "000001"
    std::string acquisition_sha256;
    std::optional<ItemKey> key;
    // Of the object; of the whole medium when there are several segments.
    std::uint64_t size_bytes = 0;
    DigestSet digests;
    bool is_segmented = false;
    std::string crc32, pieces_root;      // of the first object
    std::vector<SegmentFacts> segments;  // when it is in segments
    std::string source, source_bytes;    // as recorded, for people
};

// A package that a disclosure was cut from, as far as it is inside: origin/, origin/origin/, ..
struct OriginLevel {
    std::string prefix;  // "origin/"
    TermsDocument terms;
    CheckpointText items, ledger;
    bool is_named = false;  // its records are all there
    std::string name(std::string_view entry) const { return prefix + std::string(entry); }
};

struct PackageCheck {
    const File& file;
    const VerificationOptions& options;
    const Context& context;
    VerificationReport& report;
    ZipStructure structure;

    std::map<std::string, Sha256, std::less<>> digests;  // of every entry read so far
    std::optional<PackageDocument> package;
    std::optional<TermsDocument> terms;
    std::vector<ItemFacts> items;                    // in record order
    std::set<std::string, std::less<>> exact_lists;  // manifests that are what they must be
    // By name of a signature file or token: from when on it is known to exist, by the earliest
    // trusted token over it.
    std::map<std::string, UtcTime, std::less<>> proven;
    // Links of the chain after so many events, where an outside head asks for one.
    std::map<std::uint64_t, Sha256> links;
    Sha256 chain_link{};  // after the last event
    // Who signed the whole package, where the signature and the identity hold.
    std::vector<Certificate> signers;
    // Of a disclosure.
    std::optional<DisclosureDocument> disclosure;
    std::vector<OriginLevel> origins;  // outermost first; those whose documents can be read

    bool is_disclosure() const { return package && package->kind == PackageKind::disclosure; }
    // The ledger is that of the first seal: its items are items of this case.
    bool is_own_case() const {
        return !is_disclosure() ||
               (!origins.empty() && origins.back().terms.ledger_id == package->ledger_id);
    }

    Findings& findings() const { return report.findings; }
    void fail(std::string code, Layer layer, std::string message, std::string where) const {
        report.findings.add(std::move(code), layer, Weight::failed, std::move(message),
                            std::move(where));
    }
    // The text of a small entry; nullopt (with a finding) when it is missing or too large.
    std::optional<std::string> text_of(std::string_view name,
                                       std::size_t max_bytes = small_entry_max_bytes) const;
};

// A manifest in META-INF and the signature or time-stamp token over it.
struct MetaInfPair {
    std::string manifest, token;
};
MetaInfPair signature_pair(unsigned number);   // 001, 002; 101 and on: co-signatures
MetaInfPair time_stamp_pair(unsigned number);  // 003, 004; 005 and on: archive time-stamps
// 101 and on, one for each co-signer that package.json announces, whether they are there or not.
std::vector<MetaInfPair> announced_cosignatures(const PackageCheck& check);
// 005 and on, those of which anything is there.
std::vector<MetaInfPair> archive_time_stamps(const PackageCheck& check);

// Each fills in what it learns and adds findings; none throws for what a package contains.
void check_small_entries(PackageCheck& check);  // digests and CRCs of all but objects and JSONL
void check_documents(PackageCheck& check);      // package.json, terms.json, bag tags, equalities
void read_origins(PackageCheck& check);         // of a disclosure: the documents of each origin
void check_items(PackageCheck& check);          // items.jsonl, objects, pieces, item tree
void check_custody(PackageCheck& check);        // ledger extract, checkpoint, acquire events
void check_disclosure(PackageCheck& check);     // every record against the origins' item trees
void check_origins(PackageCheck& check);        // signatures, time-stamps and lists of each origin
void check_original(PackageCheck& check);       // the package it was cut from, if that was given
void check_acquisitions(PackageCheck& check);   // acquisition/*
void check_manifests(PackageCheck& check);      // all digests against all lists
void check_meta_inf(PackageCheck& check);       // what is announced is there, and nothing else
void check_time_stamps(PackageCheck& check);    // tokens, what they prove; after check_manifests
void check_signatures(PackageCheck& check);     // signatures, identity, times; after the tokens

void check_signer_count(const PackageCheck& check);   // --require signers=N
void check_outside_heads(const PackageCheck& check);  // heads and packages that others hold

// A token over `content` inside the signature file `inside`: its findings, and what it proves of
// that file. What it says when it holds.
std::optional<TimestampFacts> check_time_stamp(PackageCheck& check, ByteView token,
                                               ByteView content, const std::string& where,
                                               const std::string& inside);

}  // namespace evidence
