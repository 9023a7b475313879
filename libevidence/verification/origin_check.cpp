// The containers a disclosure was cut from, as far as they are inside: that their parts belong
// together, who sealed each of them, and when.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/base64.h"
#include "base/error.h"
#include "base/hex.h"
#include "custody/ledger.h"
#include "package/item_tree.h"
#include "signature/claimed_time.h"
#include "signature/cms_signature.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr std::string_view needed_entries[] = {"items.checkpoint",   "terms.json",
                                               "custody/checkpoint", "custody/ledger.jsonl",
                                               manifest_002,         signature_002};

std::string prefix_of_level(std::size_t level) {
    std::string prefix;
    for (std::size_t i = 0; i < level; ++i) prefix += "origin/";
    return prefix;
}

bool has_entry_under(const PackageCheck& check, const std::string& prefix) {
    for (const ZipEntry& entry : check.structure.entries) {
        if (entry.name.starts_with(prefix)) return true;
    }
    return false;
}

// nullopt, and findings, when it is not all there or not what it must be.
std::optional<OriginLevel> read_level(const PackageCheck& check, const std::string& prefix) {
    bool is_complete = true;
    for (const std::string_view name : needed_entries) {
        if (check.structure.find(prefix + std::string(name))) continue;
        is_complete = false;
        check.fail("disclosure.origin-incomplete", Layer::structure, "missing from the package",
                   prefix + std::string(name));
    }
    if (!is_complete) return std::nullopt;
    OriginLevel level;
    level.prefix = prefix;
    std::string where;
    try {
        const auto read = [&](std::string_view name) {
            where = level.name(name);
            return check.text_of(where).value_or("");
        };
        std::string text = read("terms.json");
        level.terms = parse_terms_document(text, where);
        text = read("items.checkpoint");
        level.items = parse_checkpoint(text, where);
        text = read("custody/checkpoint");
        level.ledger = parse_checkpoint(text, where);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        check.fail("document.malformed", Layer::structure, error.message(), where);
        return std::nullopt;
    }
    if (level.items.size > static_cast<std::uint64_t>(json_max_integer)) {
        check.fail("document.malformed", Layer::structure, "more records than any package has",
                   level.name("items.checkpoint"));
        return std::nullopt;
    }
    level.is_named = check.structure.find(level.name("items.jsonl")) != nullptr;
    if (level.items.origin != items_origin(level.terms.package_id) ||
        level.ledger.origin != ledger_origin(level.terms.ledger_id)) {
        check.fail("disclosure.origin-mixed", Layer::structure,
                   "its parts name different packages or ledgers", prefix);
    }
    return level;
}

// The signatures and the time-stamps over them.
bool is_checked_here(std::string_view name) {
    for (const std::string_view each : {manifest_001, signature_001, manifest_002, signature_002}) {
        if (name == each) return true;
    }
    for (const TimestampNames& stamp : time_stamp_names) {
        if (name == stamp.manifest || name == stamp.token) return true;
    }
    return false;
}

class OriginCheck {
public:
    OriginCheck(PackageCheck& check, const OriginLevel& level) : check_(check), level_(level) {}

    void run() {
        note_.where = level_.name(signature_002);
        note_.package_id = level_.terms.package_id;
        note_.sealer_name = level_.terms.sealer_name;
        note_.sealer_organization = level_.terms.sealer_organization;
        note_.created_at = level_.terms.created_at;
        note_.records = level_.items.size;
        note_.is_named = level_.is_named;
        check_heads();
        if (level_.is_named) {
            check_whole();
        } else {
            check_nothing_else();
        }
        check_.report.origins.push_back(note_);
    }

private:
    void check_heads();
    void check_whole();
    void check_nothing_else();
    void check_list(const std::string& list);
    void check_package_document();
    void require_announced(const PackageDocument& document) const;
    void check_signature(std::string_view manifest, std::string_view signature,
                         const TimestampNames& stamp);
    std::optional<UtcTime> check_token(const TimestampNames& stamp);
    Sha256 digest_of(std::string_view name) const {
        const auto found = check_.digests.find(level_.name(name));
        return found == check_.digests.end() ? Sha256{} : found->second;
    }
    void mixed(std::string message, std::string where) {
        check_.fail("disclosure.origin-mixed", Layer::structure, std::move(message),
                    std::move(where));
    }

    PackageCheck& check_;
    const OriginLevel& level_;
    VerifiedOrigin note_;
};

// By when the signature existed, when a token over it holds.
std::optional<UtcTime> OriginCheck::check_token(const TimestampNames& stamp) {
    const std::string where = level_.name(stamp.token);
    const bool has_token = check_.structure.find(where) != nullptr;
    if (has_token != (check_.structure.find(level_.name(stamp.manifest)) != nullptr)) {
        check_.fail("disclosure.origin-incomplete", Layer::structure,
                    "a time-stamp without its list, or a list without its time-stamp", where);
    }
    if (!has_token) return std::nullopt;
    const auto manifest = check_.text_of(level_.name(stamp.manifest), manifest_max_bytes);
    const auto token = check_.text_of(where, timestamp_token_max_bytes);
    if (!manifest || !token) return std::nullopt;
    std::vector<ListedFile> covered;
    for (const std::string_view name : stamp.covered) {
        covered.push_back({std::string(name), digest_of(name)});
    }
    if (*manifest != asic_manifest(stamp.token, covered)) {
        mixed("does not list the signature that is there", level_.name(stamp.manifest));
        return std::nullopt;
    }
    const TimestampCheck checked =
        check_timestamp(as_bytes(*token), as_bytes(*manifest), check_.options.anchors_of_time(),
                        check_.report.checked_at);
    for (const TimestampProblem& problem : checked.problems) {
        check_.findings().add(fmt::format("timestamp.{}", name_of(problem.fault)), Layer::time,
                              weight_of(problem.fault), problem.message, where);
    }
    if (!checked.is_trusted()) return std::nullopt;
    const UtcTime time = checked.facts->time;
    if (time.milliseconds > check_.report.checked_at.milliseconds + time_stamp_tolerance_ms) {
        check_.fail("time.inconsistent", Layer::time,
                    "the time-stamp lies in the future: " + format_utc(time), where);
        return std::nullopt;
    }
    check_.findings().add("timestamp.valid", Layer::time, Weight::info, describe(*checked.facts),
                          where);
    return time;
}

void OriginCheck::check_signature(std::string_view manifest, std::string_view signature,
                                  const TimestampNames& stamp) {
    const std::string where = level_.name(signature);
    const auto content = check_.text_of(level_.name(manifest), manifest_max_bytes);
    const auto text = check_.text_of(where, cms_max_bytes);
    if (!content || !text) return;
    const DetachedSignature checked = check_detached(as_bytes(*text), as_bytes(*content), where);
    check_.findings().append(checked.findings);
    const std::optional<UtcTime> proven = check_token(stamp);
    if (!checked.signer || !checked.signing_time) return;
    const TrustStore& trust = check_.options.anchors();
    check_.findings().append(
        proven ? check_signer_at_proven_time(trust, checked, *proven, where)
               : check_signer_at_claimed_time(trust, checked, check_.report.checked_at, where));
    if (checked.signer->fingerprint() != level_.terms.sealer_certificate_sha256) {
        check_.fail("signature.wrong-signer", Layer::signature,
                    "made by another certificate than terms.json names", where);
    }
    const std::int64_t created = level_.terms.created_at.milliseconds;
    const std::int64_t signed_at = checked.signing_time->milliseconds;
    if (created > signed_at + time_stamp_tolerance_ms ||
        (proven && signed_at > proven->milliseconds + time_stamp_tolerance_ms)) {
        check_.fail("time.inconsistent", Layer::time,
                    "made before what it signs, or after the time-stamp over it", where);
    }
    note_.subject = checked.signer->subject();
    note_.certificate_sha256 = checked.signer->fingerprint();
    note_.signing_time = checked.signing_time;
    if (!note_.proven_time || (proven && *proven < *note_.proven_time)) note_.proven_time = proven;
}

void OriginCheck::check_heads() {
    std::vector<ListedFile> heads;
    for (const std::string_view name : names_in_manifest_002) {
        heads.push_back({std::string(name), digest_of(name)});
    }
    const auto manifest = check_.text_of(level_.name(manifest_002), manifest_max_bytes);
    if (manifest && *manifest != asic_manifest(signature_002, heads)) {
        mixed("does not list the files that are there", level_.name(manifest_002));
    }
    check_signature(manifest_002, signature_002, time_stamp_names[1]);
}

// A blind disclosure says nothing of the rest: of other files nobody would know what they are.
void OriginCheck::check_nothing_else() {
    for (const ZipEntry& entry : check_.structure.entries) {
        if (!entry.name.starts_with(level_.prefix)) continue;
        const std::string_view name = std::string_view(entry.name).substr(level_.prefix.size());
        const bool is_needed = std::find(std::begin(needed_entries), std::end(needed_entries),
                                         name) != std::end(needed_entries);
        if (is_needed || name == "proofs.jsonl" || name == time_stamp_names[1].manifest ||
            name == time_stamp_names[1].token || name.starts_with("custody/signers/") ||
            name.starts_with("origin/")) {
            continue;
        }
        mixed("has no place in a blind disclosure", entry.name);
    }
}

// Everything but the payload is there, as it was signed.
void OriginCheck::check_whole() {
    const auto list = check_.text_of(level_.name(manifest_001), manifest_max_bytes);
    if (!list || !check_.structure.find(level_.name(signature_001))) {
        check_.fail("disclosure.origin-incomplete", Layer::structure, "missing from the package",
                    level_.name(list ? signature_001 : manifest_001));
        return;
    }
    check_list(*list);
    check_package_document();
    check_signature(manifest_001, signature_001, time_stamp_names[0]);
    const bool is_outermost = &level_ == &check_.origins.front();
    if (is_outermost && check_.disclosure && check_.disclosure->origin.manifest_sha256 &&
        *check_.disclosure->origin.manifest_sha256 != digest_of(manifest_001)) {
        mixed("manifest_sha256 is not that of the original's list", "disclosure.json");
    }
}

void OriginCheck::check_list(const std::string& list) {
    const std::string where = level_.name(manifest_001);
    const std::string head = asic_manifest_head(signature_001);
    if (!list.starts_with(head) || !list.ends_with(asic_manifest_tail)) {
        return mixed("not a list as the format fixes it", where);
    }
    constexpr std::string_view before = "<asic:DataObjectReference URI=\"";
    std::string_view rest = std::string_view(list).substr(head.size());
    rest.remove_suffix(asic_manifest_tail.size());
    std::set<std::string, std::less<>> listed;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n') + 1);
        if (line.empty() || !line.starts_with(before)) {
            return mixed("not a list as the format fixes it", where);
        }
        rest.remove_prefix(line.size());
        const std::string name(
            line.substr(before.size(), line.find('"', before.size()) - before.size()));
        if (is_payload(name)) continue;  // not given
        listed.insert(name);
        const bool is_there = check_.structure.find(level_.name(name)) != nullptr;
        if (!is_there || line != asic_manifest_line(name, digest_of(name))) {
            mixed("not the file that was signed, or missing", level_.name(name));
        }
    }
    for (const ZipEntry& entry : check_.structure.entries) {
        if (!entry.name.starts_with(level_.prefix)) continue;
        const std::string_view name = std::string_view(entry.name).substr(level_.prefix.size());
        if (is_in_manifest_001(name) && !listed.contains(name)) {
            mixed("not on the list that was signed", entry.name);
        }
        if (name.starts_with("META-INF/") && !is_checked_here(name)) {
            check_.findings().add("disclosure.origin-unchecked", Layer::signature, Weight::info,
                                  "a co-signature or archive time-stamp of the original, which is "
                                  "not looked at here",
                                  entry.name);
        }
    }
}

// What package.json announces has to be there.
void OriginCheck::require_announced(const PackageDocument& document) const {
    std::vector<std::string> names;
    if (document.timestamp == TimestampPolicy::included) {
        for (const TimestampNames& stamp : time_stamp_names) {
            names.emplace_back(stamp.manifest);
            names.emplace_back(stamp.token);
        }
    }
    constexpr unsigned first_cosignature = 101;
    for (unsigned i = 0; i < document.cosigned_by.size(); ++i) {
        const MetaInfPair pair = signature_pair(first_cosignature + i);
        names.push_back(pair.manifest);
        names.push_back(pair.token);
    }
    for (const std::string& name : names) {
        if (check_.structure.find(level_.name(name))) continue;
        check_.fail("disclosure.origin-incomplete", Layer::structure, "missing from the package",
                    level_.name(name));
    }
}

void OriginCheck::check_package_document() {
    const std::string where = level_.name("package.json");
    const auto text = check_.text_of(where);
    if (!text) return;
    try {
        const PackageDocument document = parse_package_document(*text, where);
        require_announced(document);
        if (document.id != level_.terms.package_id ||
            document.ledger_id != level_.terms.ledger_id || document.records != level_.items.size ||
            document.ledger_size != level_.ledger.size ||
            document.ledger_link != level_.ledger.hash) {
            mixed("names another package, ledger or number of records", where);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        check_.fail("document.malformed", Layer::structure, error.message(), where);
    }
}

}  // namespace

void read_origins(PackageCheck& check) {
    if (!check.is_disclosure()) return;
    for (std::size_t level = 1; level <= max_origin_levels; ++level) {
        const std::string prefix = prefix_of_level(level);
        if (level > 1 && !has_entry_under(check, prefix)) break;
        std::optional<OriginLevel> found = read_level(check, prefix);
        if (!found) break;
        check.origins.push_back(std::move(*found));
    }
}

namespace {

// Each package says in its terms, which are signed in every disclosure of it, what it was cut from.
void check_links(const PackageCheck& check) {
    const TermsDocument* above = check.terms ? &*check.terms : nullptr;
    const auto mixed = [&check](std::string message, const std::string& where) {
        check.fail("disclosure.origin-mixed", Layer::structure, std::move(message), where);
    };
    for (const OriginLevel& level : check.origins) {
        const TermsOrigin here{level.terms.package_id, level.items.hash};
        if (above && !above->origin) {
            mixed("the package above was sealed, not cut from one", level.prefix);
        } else if (above && *above->origin != here) {
            mixed("the package above was cut from another one", level.prefix);
        }
        if (above && level.terms.created_at.milliseconds >
                         above->created_at.milliseconds + time_stamp_tolerance_ms) {
            check.fail("time.inconsistent", Layer::time,
                       "made after the package that was cut from it", level.name("terms.json"));
        }
        above = &level.terms;
    }
    if (above && above->origin && !check.origins.empty()) {
        check.fail("disclosure.origin-incomplete", Layer::structure,
                   "was cut from a package that is not there",
                   check.origins.back().name("terms.json"));
    }
}

}  // namespace

void check_origins(PackageCheck& check) {
    check_links(check);
    for (const OriginLevel& level : check.origins) OriginCheck(check, level).run();
}

}  // namespace evidence
