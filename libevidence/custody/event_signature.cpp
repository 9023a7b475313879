#include "custody/event_signature.h"

#include "base/error.h"
#include "signature/raw_signature.h"

namespace evidence {
namespace {

// Certificates kept at a time: hostile input may name any number of signers.
constexpr std::size_t max_known_signers = 1000;

void fail(Findings& findings, std::string code, std::string message, const std::string& where) {
    findings.add(std::move(code), Layer::custody, Weight::failed, std::move(message), where);
}

}  // namespace

EventSignatureChecker::Outcome EventSignatureChecker::check(const LedgerLine& line,
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
    const Signer* signer = find_signer(line, where);
    if (!signer) return Outcome::refused;
    if (!verify_raw(signer->certificate, actor.algorithm,
                    as_bytes(signed_message(line.event_bytes)), line.signature)) {
        fail(findings_, "custody.signature-invalid",
             "the signature does not verify with certificate " + line.signer, where);
        return Outcome::refused;
    }
    const UtcTime at = line.event->written_at();
    // Certificates count whole seconds, the last one included.
    if (at.seconds() < signer->not_before.seconds() || at.seconds() > signer->not_after.seconds()) {
        findings_.add("time.inconsistent", Layer::time, Weight::failed,
                      "signed at " + format_utc(at) +
                          ", outside the validity of the certificate, " +
                          format_utc(signer->not_before) + " to " + format_utc(signer->not_after),
                      where);
    }
    return Outcome::verified;
}

std::vector<Certificate> EventSignatureChecker::chain_of(const std::string& fingerprint,
                                                         const std::string& where) {
    if (!expectations_.signer_chain) return {};
    try {
        return expectations_.signer_chain(fingerprint);
    } catch (const Error& error) {
        // Unreadable certificates are part of the answer; a failing disk is not.
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::crypto) throw;
        fail(findings_, "custody.signer-unknown", error.message(), where);
        return {};
    }
}

const EventSignatureChecker::Signer* EventSignatureChecker::find_signer(const LedgerLine& line,
                                                                        const std::string& where) {
    const auto known = signers_.find(line.signer);
    if (known != signers_.end()) return &known->second;
    const std::vector<Certificate> chain = chain_of(line.signer, where);
    if (chain.empty() || chain.front().fingerprint() != line.signer) {
        fail(findings_, "custody.signer-unknown", "no certificate with fingerprint " + line.signer,
             where);
        return nullptr;
    }
    check_trust(chain, line.event->written_at(), where);
    if (signers_.size() >= max_known_signers) signers_.clear();
    const Certificate& leaf = chain.front();
    return &signers_.emplace(line.signer, Signer{leaf, leaf.not_before(), leaf.not_after()})
                .first->second;
}

void EventSignatureChecker::check_trust(const std::vector<Certificate>& chain, UtcTime at,
                                        const std::string& where) {
    if (!expectations_.trust) return;
    const std::vector<Certificate> intermediates(chain.begin() + 1, chain.end());
    const Findings trust = expectations_.trust->check(chain.front(), intermediates, at,
                                                      TrustStore::Usage::signing, where);
    for (const Finding& finding : trust.all()) {
        if (finding.weight < Weight::indeterminate) continue;
        findings_.add("custody.signer-untrusted", Layer::custody, Weight::warning,
                      chain.front().subject() + ": " + finding.message + " (" + finding.code + ")",
                      where);
    }
}

}  // namespace evidence
