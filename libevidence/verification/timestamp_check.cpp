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

// What a token proves the existence of, as far as it matters: signature files and tokens. One each
// for 003 and 004, for an archive time-stamp all that stand before its manifest.
std::vector<std::string> covered_by(const PackageCheck& check, unsigned number,
                                    const MetaInfPair& pair) {
    if (number == 3) return {std::string(signature_001)};
    if (number == 4) return {std::string(signature_002)};
    std::vector<std::string> covered;
    for (const ZipEntry& entry : check.structure.entries) {
        if (entry.name == pair.manifest) break;
        if (entry.name.ends_with(".p7s") || entry.name.ends_with(".tst")) {
            covered.push_back(entry.name);
        }
    }
    return covered;
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
        check.findings().add(fmt::format("timestamp.{}", name_of(problem.fault)), Layer::time,
                             weight_of(problem.fault), problem.message, where);
    }
}

bool is_possible(const PackageCheck& check, UtcTime time) {
    return time.milliseconds <= check.report.checked_at.milliseconds + time_stamp_tolerance_ms;
}

void prove(PackageCheck& check, const TimestampFacts& facts, const std::string& file) {
    const auto [known, is_new] = check.proven.emplace(file, facts.time);
    if (!is_new && known->second <= facts.time) return;
    known->second = facts.time;
    if (file != signature_001) return;
    check.report.proven_time = facts.time;
    check.report.proven_by = facts.tsa.subject();
}

// From when on a file is known to exist.
UtcTime known_since(const PackageCheck& check, const std::string& file) {
    const auto proven = check.proven.find(file);
    return proven == check.proven.end() ? check.report.checked_at : proven->second;
}

// A token of the package, and what came of it.
struct PackageToken {
    unsigned number;
    MetaInfPair pair;
    std::string manifest, token;
    bool is_exact;  // its manifest
    TimestampCheck checked = {};
    bool is_trusted = false;
    bool is_archive() const { return number >= first_archive; }
};

std::vector<PackageToken> read_tokens(const PackageCheck& check) {
    std::vector<PackageToken> tokens;
    for (unsigned number = first_time_stamp; number <= last_archive; ++number) {
        const MetaInfPair pair = time_stamp_pair(number);
        if (!check.structure.find(pair.manifest) || !check.structure.find(pair.token)) continue;
        auto manifest = check.text_of(pair.manifest, manifest_max_bytes);
        auto token = check.text_of(pair.token, timestamp_token_max_bytes);
        if (!manifest || !token) continue;
        tokens.push_back({number, pair, std::move(*manifest), std::move(*token),
                          check.exact_lists.contains(pair.manifest)});
    }
    return tokens;
}

// The newest first: a token is as good as the time from which on the next one proves it to exist.
void judge(PackageCheck& check, std::vector<PackageToken>& tokens) {
    for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
        token->checked =
            check_timestamp(as_bytes(token->token), as_bytes(token->manifest),
                            check.options.anchors_of_time(), known_since(check, token->pair.token));
        token->is_trusted =
            token->checked.is_trusted() && is_possible(check, token->checked.facts->time);
        if (!token->is_trusted || !token->is_exact) continue;
        for (const std::string& file : covered_by(check, token->number, token->pair)) {
            prove(check, *token->checked.facts, file);
        }
    }
}

void report(PackageCheck& check, const TimestampCheck& checked, bool is_trusted,
            const std::string& where) {
    report_problems(check, checked, where);
    report_facts(check, checked, is_trusted, where);
    if (is_trusted) {
        check.findings().add("timestamp.valid", Layer::time, Weight::info, describe(*checked.facts),
                             where);
    } else if (checked.is_trusted()) {
        check.fail("time.inconsistent", Layer::time,
                   "the time-stamp lies in the future: " + format_utc(checked.facts->time), where);
    }
}

// What an archive time-stamp covers was there before it.
void check_order(const PackageCheck& check, const std::vector<PackageToken>& tokens) {
    std::optional<UtcTime> latest;
    for (const PackageToken& token : tokens) {
        if (!token.is_trusted || !token.is_exact) continue;
        const UtcTime time = token.checked.facts->time;
        if (token.is_archive() && latest &&
            time.milliseconds + time_stamp_tolerance_ms < latest->milliseconds) {
            check.fail("timestamp.wrong-order", Layer::time,
                       "the time-stamp is older than one that it covers: " + format_utc(time) +
                           ", which was made " + format_utc(*latest),
                       token.pair.token);
        }
        latest = std::max(latest.value_or(time), time);
    }
}

}  // namespace

std::optional<TimestampFacts> check_time_stamp(PackageCheck& check, ByteView token,
                                               ByteView content, const std::string& where,
                                               const std::string& inside) {
    const TimestampCheck checked = check_timestamp(token, content, check.options.anchors_of_time(),
                                                   known_since(check, inside));
    const bool is_trusted = checked.is_trusted() && is_possible(check, checked.facts->time);
    report(check, checked, is_trusted, where);
    if (!is_trusted) return std::nullopt;
    prove(check, *checked.facts, inside);
    return checked.facts;
}

void check_time_stamps(PackageCheck& check) {
    std::vector<PackageToken> tokens = read_tokens(check);
    judge(check, tokens);
    for (const PackageToken& token : tokens) {
        report(check, token.checked, token.is_trusted, token.pair.token);
    }
    check_order(check, tokens);
}

}  // namespace evidence
