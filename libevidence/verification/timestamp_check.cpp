// The time-stamps of a package: whether each token holds, and from when on each signature is
// proven to have existed (EN 319 102-1 clause 5.6, proof of existence). A token proves something
// only of what its manifest lists, and only when that manifest is exactly what it must be.
#include <fmt/format.h>

#include <algorithm>

#include "signature/timestamp_token.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr unsigned first_time_stamp = 3, first_archive = 5, last_archive = 99;

const TrustStore& authorities_of(const PackageCheck& check) {
    static const TrustStore nothing_given;
    if (check.options.authorities) return *check.options.authorities;
    return check.options.trust ? *check.options.trust : nothing_given;
}

// The signature files a token is about: one each for 003 and 004, for an archive time-stamp all
// that stand before its manifest.
std::vector<std::string> covered_by(const PackageCheck& check, unsigned number,
                                    const MetaInfPair& pair) {
    if (number == 3) return {std::string(signature_001)};
    if (number == 4) return {std::string(signature_002)};
    std::vector<std::string> covered;
    for (const ZipEntry& entry : check.structure.entries) {
        if (entry.name == pair.manifest) break;
        if (entry.name.ends_with(".p7s")) covered.push_back(entry.name);
    }
    return covered;
}

std::string words_of(const TimestampFacts& facts) {
    const std::string accuracy =
        facts.accuracy_ms ? fmt::format("to {} ms", *facts.accuracy_ms) : "accuracy not said";
    return fmt::format("{} says {} ({}, policy {})", format_utc(facts.time), facts.tsa.subject(),
                       accuracy, facts.policy);
}

void report_facts(PackageCheck& check, const TimestampCheck& token, bool is_trusted,
                  const std::string& where) {
    if (!token.facts) return;
    check.report.time_stamps.push_back({where, token.facts->time, token.facts->accuracy_ms,
                                        token.facts->policy, token.facts->serial,
                                        token.facts->tsa.subject(), token.facts->tsa.fingerprint(),
                                        is_trusted});
}

void report_problems(const PackageCheck& check, const TimestampCheck& token,
                     const std::string& where) {
    for (const TimestampProblem& problem : token.problems) {
        check.findings().add(
            fmt::format("timestamp.{}", name_of(problem.fault)), Layer::time,
            weight_of(problem.fault),
            fmt::format("{} ({})", problem.message, sub_indication_of(problem.fault)), where);
    }
}

bool is_possible(PackageCheck& check, UtcTime time, const std::string& where) {
    if (time.milliseconds <= check.report.checked_at.milliseconds + time_stamp_tolerance_ms)
        return true;
    check.fail("time.inconsistent", Layer::time,
               "the time-stamp lies in the future: " + format_utc(time), where);
    return false;
}

void prove(PackageCheck& check, const TimestampFacts& facts, const std::string& signature) {
    const auto [known, is_new] = check.proven.emplace(signature, facts.time);
    if (!is_new && known->second <= facts.time) return;
    known->second = facts.time;
    if (signature != signature_001) return;
    check.report.proven_time = facts.time;
    check.report.proven_by = facts.tsa.subject();
}

// A token of the package that holds.
struct HeldToken {
    unsigned number;
    std::string where;
    TimestampFacts facts;
    bool is_archive() const { return number >= first_archive; }
};

// What an archive time-stamp covers was there before it (TIMESTAMP_ORDER_FAILURE).
void check_order(const PackageCheck& check, const std::vector<HeldToken>& held) {
    std::optional<UtcTime> latest;
    for (const HeldToken& token : held) {
        const UtcTime time = token.facts.time;
        if (token.is_archive() && latest &&
            time.milliseconds + time_stamp_tolerance_ms < latest->milliseconds) {
            check.fail("time.inconsistent", Layer::time,
                       "the time-stamp is older than one that it covers: " + format_utc(time) +
                           ", which was made " + format_utc(*latest) + " (TIMESTAMP_ORDER_FAILURE)",
                       token.where);
        }
        latest = std::max(latest.value_or(time), time);
    }
}

// Once the certificate of an authority has expired nobody watches over its key any more; a newer
// time-stamp made before proves that the token is older than that.
void check_still_watched(const PackageCheck& check, const std::vector<HeldToken>& held) {
    for (const HeldToken& token : held) {
        const UtcTime until = token.facts.tsa.not_after();
        const bool is_covered = std::any_of(held.begin(), held.end(), [&](const HeldToken& other) {
            return other.is_archive() && other.number > token.number && other.facts.time <= until;
        });
        if (is_covered || check.report.checked_at <= until) continue;
        check.findings().add("timestamp.authority-expired", Layer::time, Weight::warning,
                             "the certificate of the authority has expired since, " +
                                 format_utc(until) +
                                 ", and no newer time-stamp covers this one "
                                 "(OUT_OF_BOUNDS_NO_POE)",
                             token.where);
    }
}

}  // namespace

std::optional<TimestampFacts> check_time_stamp(PackageCheck& check, ByteView token,
                                               ByteView content, const std::string& where,
                                               const std::vector<std::string>& covered) {
    const TimestampCheck checked = check_timestamp(token, content, authorities_of(check));
    report_problems(check, checked, where);
    const bool is_trusted = checked.is_trusted() && is_possible(check, checked.facts->time, where);
    report_facts(check, checked, is_trusted, where);
    if (!is_trusted) return std::nullopt;
    check.findings().add("timestamp.valid", Layer::time, Weight::info, words_of(*checked.facts),
                         where);
    for (const std::string& signature : covered) prove(check, *checked.facts, signature);
    return checked.facts;
}

void check_time_stamps(PackageCheck& check) {
    std::vector<HeldToken> held;
    for (unsigned number = first_time_stamp; number <= last_archive; ++number) {
        const MetaInfPair pair = time_stamp_pair(number);
        if (!check.structure.find(pair.manifest) || !check.structure.find(pair.token)) continue;
        const auto manifest = check.text_of(pair.manifest, manifest_max_bytes);
        const auto token = check.text_of(pair.token, timestamp_token_max_bytes);
        if (!manifest || !token) continue;
        const bool is_exact = check.exact_lists.contains(pair.manifest);
        const auto facts = check_time_stamp(
            check, as_bytes(*token), as_bytes(*manifest), pair.token,
            is_exact ? covered_by(check, number, pair) : std::vector<std::string>());
        if (facts && is_exact) held.push_back({number, pair.token, *facts});
    }
    check_order(check, held);
    check_still_watched(check, held);
}

}  // namespace evidence
