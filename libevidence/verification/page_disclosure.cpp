// Of a disclosure: what it gives of what, and whose seal that goes back to.
#include <fmt/format.h>

#include "verification/page_parts.h"

namespace evidence {
namespace {

std::string shown(const std::string& text) { return text.empty() ? "" : html_evidence(text); }

std::string given_to(const DisclosureDocument& disclosure) {
    if (!disclosure.given) return "";
    const std::string& name = disclosure.given->name;
    const std::string& organization = disclosure.given->organization;
    return shown(name) + (name.empty() || organization.empty() ? "" : ", ") + shown(organization);
}

std::string facts(const DisclosureDocument& disclosure, const PageContext& page) {
    PageFactsList list;
    list.add(page.say("Given"),
             page.say_with("{count} of {total} items disclosed, {withheld} "
                           "withheld",
                           {{"count", std::to_string(disclosure.disclosed)},
                            {"total", std::to_string(disclosure.of)},
                            {"withheld", std::to_string(disclosure.withheld())}}));
    list.add(page.say("Told of the rest"), disclosure.kind == DisclosureKind::blind
                                               ? page.say("how much it is, and nothing else")
                                               : page.say("names and digests, and no content"));
    list.add(page.say("Given to"), given_to(disclosure));
    list.add(page.say("Asked for"), shown(disclosure.asked));
    list.add(page.say("Authority relied on"), shown(disclosure.authority));
    list.add(page.say("Legal basis"), shown(disclosure.legal_basis));
    return list.html();
}

std::string origins_table(const PageContext& page) {
    if (page.report.origins.empty()) return "";
    PageTable table(page.say("The packages it goes back to, the first seal last"),
                    {page.say("Package"), page.say("Signer's certificate"),
                     page.say("Signed at (signer's word)"), page.say("Existed by (proven)"),
                     page.say("Records")},
                    "origins");
    for (const VerifiedOrigin& origin : page.report.origins) {
        table.row({html_code(origin.package_id),
                   html_evidence(origin.subject) + "<br>" + html_code(origin.certificate_sha256),
                   origin.signing_time ? html_time(*origin.signing_time) : "",
                   origin.proven_time ? html_time(*origin.proven_time) : page.say("not proven"),
                   std::to_string(origin.records)});
    }
    return table.html();
}

}  // namespace

std::string disclosure_section(const PageContext& page) {
    if (!page.report.disclosure) return "";
    return page_section("disclosure", page.say("What was given of what"),
                        facts(*page.report.disclosure, page) + origins_table(page));
}

}  // namespace evidence
