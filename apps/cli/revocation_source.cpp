#include "cli/revocation_source.h"

#include <algorithm>

#include "base/error.h"
#include "base/printable.h"
#include "cli/http.h"
#include "cli/tool.h"

namespace evidence::cli {

void add_revocation_options(CLI::App& app, RevocationOptions& options) {
    options.tool = app.get_name();
    app.add_option("--crl", options.paths,
                   "Put this revocation list into signatures and time-stamps; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_flag("--fetch-crls", options.fetch,
                 "Fetch the lists from the distribution points that the certificates name");
}

RevocationSource::RevocationSource(const RevocationOptions& options, long timeout_seconds)
    : fetch_(options.fetch), timeout_seconds_(timeout_seconds), tool_(options.tool) {
    for (const std::string& path : options.paths) {
        for (RevocationList& list : load_revocation_lists(path)) given_.push_back(std::move(list));
    }
}

std::vector<RevocationList> RevocationSource::of_issuers(const std::vector<Certificate>& chain) {
    std::vector<RevocationList> lists = collect(chain);
    if (is_wanted() && !chain.empty()) warn_when_missing(lists, chain.front());
    return lists;
}

void RevocationSource::warn_when_missing(const std::vector<RevocationList>& lists,
                                         const Certificate& whose) {
    const auto is_about = [&](const RevocationList& list) { return list.is_about(whose); };
    if (whose.is_self_issued() || std::any_of(lists.begin(), lists.end(), is_about)) return;
    if (!warned_.insert(whose.fingerprint()).second) return;
    print_warning(tool_, "no list given is of the issuer of " + whose.subject() +
                             ": what is made now will not show that it was not revoked");
}

std::vector<RevocationList> RevocationSource::collect(const std::vector<Certificate>& chain) {
    std::vector<RevocationList> lists = given_;
    if (!fetch_) return lists;
    bool has_any = false;
    for (const Certificate& certificate : chain) {
        const std::vector<std::string> urls = distribution_points(certificate);
        if (urls.empty()) continue;
        has_any = true;
        lists.push_back(fetch(certificate, urls));
    }
    if (!has_any && !chain.empty() && given_.empty()) {
        throw Error(ErrorKind::crypto,
                    "neither the certificate of " + printable(chain.front().subject()) +
                        " nor one above it says where a revocation list can be had",
                    "give the list with --crl");
    }
    return lists;
}

RevocationList RevocationSource::fetch(const Certificate& certificate,
                                       const std::vector<std::string>& urls) {
    std::string reasons;
    for (const std::string& url : urls) {
        if (const auto known = fetched_.find(url); known != fetched_.end()) return known->second;
        try {
            const Bytes answer = http_get({url, timeout_seconds_, revocation_list_max_bytes});
            const RevocationList list = parse_revocation_list(answer, url);
            fetched_.emplace(url, list);
            return list;
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::interrupted) throw;
            reasons += (reasons.empty() ? "" : "; ") + printable(error.message());
        }
    }
    throw Error(ErrorKind::io,
                "no revocation list for " + printable(certificate.subject()) + ": " + reasons,
                "get the list by other means and give it with --crl");
}

}  // namespace evidence::cli
