// What a verification answers: findings by layer, the verdict that follows, and the facts a reader
// needs to understand them (evidence-verify(1); verdict terms of ETSI EN 319 102-1).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/finding.h"
#include "base/utc_time.h"
#include "custody/event.h"
#include "package/disclosure_document.h"
#include "verification/bag_facts.h"
#include "verification/event_history.h"
#include "verification/item_facts.h"

namespace evidence {

inline constexpr std::size_t shown_request_max_bytes = 256 * 1024;

enum class TargetKind { package, case_folder, transfer, bag, statement, checkpoint };

std::string_view name_of(TargetKind kind);  // "package", "case", "transfer" ..

struct VerifiedObject {
    std::string name;  // data/000001.img
    std::string item, kind;
    std::string sha256;  // as recomputed, hex; as recorded when it was not
    std::uint64_t offset_in_package_bytes = 0, size_bytes = 0;
    std::uint64_t entries = 0;  // of a captured tree
    bool intact = false;
    bool digest_recomputed = true;  // not with VerificationOptions::quick
};

struct VerifiedTimestamp {
    std::string where;  // META-INF/timestamp003.tst
    UtcTime time;
    std::optional<std::int64_t> accuracy_ms;
    std::string policy, serial, tsa_subject, tsa_certificate_sha256;
    bool trusted = false;  // else the rest is a claim, and findings say why
};

// One signature file of a package: who made it, if the identity layer holds.
struct VerifiedSignature {
    std::string where;  // META-INF/signature001.p7s
    std::string subject, certificate_sha256;
    std::optional<UtcTime> signing_time;  // the signer's word
    std::optional<UtcTime> proven_time;   // by when it existed, by a time-stamp that holds
    bool intact = false;                  // the signature layer holds for it
};

// A statement of a transfer as it stands there.
struct ShownStatement {
    std::string name;  // "offer"
    Json document;
};

struct CustodyFacts {
    std::string ledger;
    std::uint64_t events = 0, withheld = 0, unsigned_events = 0;
    std::string link;  // hex, of the last event
};

// A statement of a transfer that was given by itself.
struct VerifiedStatement {
    std::string kind, transfer, sha256;
    std::string manifest_sha256;  // of the package it speaks of; empty in a close
};

// What was taken out of a package afterwards (extract.h).
struct ExtractionFacts {
    std::string folder;
    std::uint64_t extracted = 0, not_extracted = 0;  // names
};

// A package that a disclosure goes back to: what its own sealer signed, apart from what the
// discloser did.
struct VerifiedOrigin {
    std::string where;  // origin/META-INF/signature002.p7s
    std::string package_id;
    std::string sealer_name, sealer_organization;  // his own words
    std::string subject, certificate_sha256;       // who it was, if the identity layer holds
    UtcTime created_at;
    std::optional<UtcTime> signing_time, proven_time;
    std::uint64_t records = 0;
    bool is_named = false;
};

struct VerificationReport {
    std::string target;
    TargetKind kind = TargetKind::package;
    UtcTime checked_at;
    Findings findings;
    std::set<Layer> layers;  // those that were looked at

    // Facts, as far as they could be read; claims of the sealer unless the layers hold.
    std::string package_id, manifest_sha256, case_number, case_title;
    bool is_disclosure = false;      // package.json says so
    std::optional<Actor> sealed_by;  // what the sealer calls himself
    // The subject and fingerprint of the certificate that made signature 001: who it really was,
    // if the identity layer holds.
    std::string signer_subject, signer_certificate_sha256;
    std::optional<UtcTime> created_at, signing_time;
    // By when signature 001 existed: the earliest time-stamp over it that holds, and whose it is.
    std::optional<UtcTime> proven_time;
    std::string proven_by;
    std::vector<VerifiedTimestamp> time_stamps;
    std::uint64_t records = 0;
    std::string records_sha256;  // of items.jsonl as it was read: what all the rest speaks of
    std::vector<VerifiedObject> objects;
    std::optional<CustodyFacts> custody;
    ItemList items;
    EventHistory history;  // shown events, in the order of the ledger
    std::vector<VerifiedSignature> signatures;
    Json conditions = Json::array();  // of package.json
    std::optional<Json> request;      // request.json, unless longer than shown_request_max_bytes
    std::vector<ShownStatement> statements;  // of a transfer
    std::string sealing_tool;                // name and version, as package.json says
    std::optional<BagFacts> bag;             // of a plain one
    std::optional<VerifiedStatement> statement;
    std::optional<CheckpointText> checkpoint;  // of a statement or checkpoint
    std::optional<ExtractionFacts> extraction;
    std::optional<DisclosureDocument> disclosure;
    std::vector<VerifiedOrigin> origins;  // the one it was cut from, then that one's, ..

    Verdict verdict() const { return findings.verdict(); }
};

}  // namespace evidence
