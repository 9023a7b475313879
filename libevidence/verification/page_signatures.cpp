// Who signed, and who says when.
#include <fmt/format.h>

#include <algorithm>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_shown = 100;

std::string state_of(bool holds, const std::string& yes_html, const std::string& no_html) {
    const LayerState state = holds ? LayerState::holds : LayerState::not_established;
    return fmt::format("<span class=\"state {}\">{}<span>{}</span></span>", css_class_of(state),
                       state_icon(state), holds ? yes_html : no_html);
}

std::string subject(const std::string& name, const std::string& fingerprint) {
    return html_evidence(name) + "<br>" + html_code(fingerprint);
}

std::string signatures_table(const PageContext& page) {
    const std::vector<VerifiedSignature>& signatures = page.report.signatures;
    if (signatures.empty()) return "";
    PageTable table(
        page.say("Signatures, with the SHA-256 of each signer's certificate"),
        {page.say("File"), page.say("Signer's certificate"), page.say("Signed at (signer's word)"),
         page.say("Existed by (proven)"), page.say("Signature")},
        "signatures");
    for (std::size_t i = 0; i < std::min(signatures.size(), max_shown); ++i) {
        const VerifiedSignature& each = signatures[i];
        table.row({html_evidence(last_name_of(each.where)),
                   subject(each.subject, each.certificate_sha256),
                   each.signing_time ? html_time(*each.signing_time) : "",
                   each.proven_time ? html_time(*each.proven_time) : page.say("not proven"),
                   state_of(each.intact, page.say("holds"), page.say("does not hold"))});
    }
    return "<h3>" + page.say("Signatures") + "</h3>\n" + table.html() +
           page.more(signatures.size() - std::min(signatures.size(), max_shown));
}

std::string accuracy(const VerifiedTimestamp& token, const PageContext& page) {
    if (!token.accuracy_ms) return page.say("accuracy not stated");
    return page.say_with("to {milliseconds} ms",
                         {{"milliseconds", std::to_string(*token.accuracy_ms)}});
}

std::string time_stamps_table(const PageContext& page) {
    const std::vector<VerifiedTimestamp>& tokens = page.report.time_stamps;
    if (tokens.empty()) return "";
    PageTable table(page.say("Time-stamps of independent authorities (RFC 3161)"),
                    {page.say("File"), page.say("Time"), page.say("Authority"),
                     page.say("Policy and serial number"), page.say("Trusted")},
                    "stamps");
    for (std::size_t i = 0; i < std::min(tokens.size(), max_shown); ++i) {
        const VerifiedTimestamp& token = tokens[i];
        table.row({html_evidence(last_name_of(token.where)),
                   html_time(token.time) + "<br>" + accuracy(token, page),
                   subject(token.tsa_subject, token.tsa_certificate_sha256),
                   html_code(token.policy) + "<br>" + html_code(token.serial),
                   state_of(token.trusted, page.say("yes"), page.say("not established"))});
    }
    return "<h3>" + page.say("Time-stamps") + "</h3>\n" + table.html() +
           page.more(tokens.size() - std::min(tokens.size(), max_shown));
}

}  // namespace

std::string signatures_section(const PageContext& page) {
    std::string body = signatures_table(page) + time_stamps_table(page);
    if (body.empty()) return "";
    if (page.report.time_stamps.empty()) {
        body +=
            "<p>" +
            page.say("There is no time-stamp: the times of signing are only the signers' word.") +
            "</p>\n";
    }
    PageFactsList facts;
    std::string anchors;
    for (const auto* named : {&page.facts.trust_anchors, &page.facts.time_stamp_anchors}) {
        for (const std::string& anchor : *named) {
            anchors += (anchors.empty() ? "" : "<br>") + html_evidence(anchor);
        }
    }
    facts.add(page.say("Authorities that were trusted"),
              anchors.empty() ? page.say("none was given") : anchors);
    return page_section("signatures", page.say("Signatures and time-stamps"), body + facts.html());
}

}  // namespace evidence
