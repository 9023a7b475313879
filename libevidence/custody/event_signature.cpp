#include "custody/event_signature.h"

#include <algorithm>

#include "base/error.h"
#include "base/in_parallel.h"
#include "signature/raw_signature.h"

namespace evidence {
namespace {

// Hostile input may name any number of signers, each with a long chain. Those beyond the first
// number are forgotten and loaded anew; beyond the second, nobody is looked up any more.
constexpr std::size_t max_known_signers = 500;
constexpr std::size_t max_loads = 10'000;
constexpr std::size_t signatures_worthwhile = 8;
constexpr std::size_t max_chain_length = 17;  // a leaf and path_max_intermediates

void fail(Findings& findings, std::string code, std::string message, const std::string& where) {
    findings.add(std::move(code), Layer::custody, Weight::failed, std::move(message), where);
}

}  // namespace

std::vector<char> EventSignatureChecker::verify(std::span<const LedgerLine> lines) {
    std::vector<std::optional<Certificate>> certificates(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const LedgerLine& line = lines[i];
        if (line.signer.empty() || !line.event ||
            line.event->actor.certificate_sha256 != line.signer)
            continue;
        const Signer& signer = find_signer(line.signer);
        if (!signer.chain.empty()) certificates[i] = signer.chain.front();
    }
    std::vector<char> verified(lines.size());
    in_parallel(lines.size(), signatures_worthwhile, [&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) {
            if (!certificates[i]) continue;
            verified[i] =
                verify_raw(*certificates[i], lines[i].event->actor.algorithm,
                           as_bytes(signed_message(lines[i].event_bytes)), lines[i].signature);
        }
    });
    return verified;
}

EventSignatureChecker::Outcome EventSignatureChecker::check(const LedgerLine& line, bool verified,
                                                            const std::string& where) {
    const Actor& actor = line.event->actor;
    if (actor.certificate_sha256 != line.signer) {
        fail(
            findings_, "custody.signature-stripped",
            "the event names " +
                (actor.is_signed() ? "certificate " + actor.certificate_sha256 : "no certificate") +
                ", its line " + (line.signer.empty() ? "has no signature" : "names another"),
            where);
        return Outcome::refused;
    }
    if (!actor.is_signed()) return Outcome::unsigned_event;
    Signer& signer = find_signer(line.signer);
    if (signer.chain.empty()) {
        fail(findings_, "custody.signer-unknown", signer.problem, where);
        return Outcome::refused;
    }
    if (!verified) {
        fail(findings_, "custody.signature-invalid",
             "the signature does not verify with certificate " + line.signer, where);
        return Outcome::refused;
    }
    const UtcTime at = line.event->written_at();
    // Certificates count whole seconds, the last one included.
    if (at.seconds() < signer.not_before.seconds() || at.seconds() > signer.not_after.seconds()) {
        findings_.add("time.inconsistent", Layer::time, Weight::failed,
                      "signed at " + format_utc(at) +
                          ", outside the validity of the certificate, " +
                          format_utc(signer.not_before) + " to " + format_utc(signer.not_after),
                      where);
    }
    return is_trusted(signer, at, where) ? Outcome::trusted : Outcome::verified;
}

EventSignatureChecker::Signer& EventSignatureChecker::find_signer(const std::string& fingerprint) {
    const auto known = signers_.find(fingerprint);
    if (known != signers_.end()) return known->second;
    if (signers_.size() >= max_known_signers) signers_.clear();
    return signers_.emplace(fingerprint, load_signer(fingerprint)).first->second;
}

// Failures are kept as well: what does not fit is not parsed again for the next event.
EventSignatureChecker::Signer EventSignatureChecker::load_signer(const std::string& fingerprint) {
    Signer signer;
    signer.problem = "no certificate with fingerprint " + fingerprint;
    if (++loads_ > max_loads) {
        signer.problem = "too many signers to look up certificate " + fingerprint;
        return signer;
    }
    if (!expectations_.signer_chain) return signer;
    try {
        signer.chain = expectations_.signer_chain(fingerprint);
    } catch (const Error& error) {
        // Unreadable certificates are part of the answer; a failing disk is not.
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::crypto) throw;
        signer.problem = error.message();
    }
    if (signer.chain.empty()) return signer;
    if (signer.chain.front().fingerprint() != fingerprint) {
        signer.chain.clear();
        return signer;
    }
    // More than a path can have is never looked at.
    if (signer.chain.size() > max_chain_length) {
        signer.chain.erase(signer.chain.begin() + max_chain_length, signer.chain.end());
    }
    signer.not_before = signer.chain.front().not_before();
    signer.not_after = signer.chain.front().not_after();
    return signer;
}

// Whether the chain holds depends on when: certificates expire and are revoked, so each event is
// asked about. Between two moments at which it holds it does so throughout, which saves asking.
bool EventSignatureChecker::is_trusted(Signer& signer, UtcTime at, const std::string& where) {
    if (!expectations_.trust || signer.without_anchor) return false;
    if (signer.trusted_from && *signer.trusted_from <= at && at <= *signer.trusted_until) {
        return true;
    }
    if (!report_trust(signer, at, where)) return false;
    if (!signer.trusted_from) {
        const Findings to_the_end = trust_at(signer, signer.not_after, where);
        signer.trusted_from = at;
        signer.trusted_until =
            to_the_end.verdict() == Verdict::total_passed ? std::max(at, signer.not_after) : at;
    }
    signer.trusted_from = std::min(*signer.trusted_from, at);
    signer.trusted_until = std::max(*signer.trusted_until, at);
    return true;
}

// True when nothing but warnings is to be said.
bool EventSignatureChecker::report_trust(Signer& signer, UtcTime at, const std::string& where) {
    const Findings trust = trust_at(signer, at, where);
    if (trust.verdict() == Verdict::total_passed) return true;
    signer.without_anchor = trust.has("certificate.no-chain");
    for (const Finding& finding : trust.all()) {
        if (finding.weight < Weight::indeterminate) continue;
        findings_.add(
            "custody.signer-untrusted", Layer::custody, expectations_.weight_of_unsigned,
            signer.chain.front().subject() + ": " + finding.message + " (" + finding.code + ")",
            where);
    }
    return false;
}

Findings EventSignatureChecker::trust_at(const Signer& signer, UtcTime at,
                                         const std::string& where) const {
    const std::vector<Certificate> intermediates(signer.chain.begin() + 1, signer.chain.end());
    return expectations_.trust->check(signer.chain.front(), intermediates, at,
                                      TrustStore::Usage::signing, where);
}

}  // namespace evidence
