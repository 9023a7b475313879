// Where the revocation lists come from that go into signatures and time-stamps: files that are
// given, and the distribution points that certificates name, asked over HTTP(S).
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "signature/revocation_list.h"

namespace evidence::cli {

struct RevocationOptions {
    std::vector<std::string> paths;
    bool fetch = false;
    std::string tool;  // named in warnings
};
void add_revocation_options(CLI::App& app, RevocationOptions& options);

class RevocationSource {
public:
    // Reads the files; the network is asked later, each answer within that time.
    RevocationSource(const RevocationOptions& options, long timeout_seconds);
    RevocationSource(const RevocationSource&) = delete;
    RevocationSource& operator=(const RevocationSource&) = delete;

    bool is_wanted() const { return fetch_ || !given_.empty(); }

    // The lists given, and one of each certificate's distribution points when they are to be
    // fetched: the first that answers. Error(io) when none of a certificate's does; Error(crypto)
    // when no certificate names any and no list was given. Warns, once, when none of them is about
    // the first certificate, whom the list is to speak for.
    std::vector<RevocationList> of_issuers(const std::vector<Certificate>& chain);

private:
    std::vector<RevocationList> collect(const std::vector<Certificate>& chain);
    void warn_when_missing(const std::vector<RevocationList>& lists, const Certificate& whose);
    RevocationList fetch(const Certificate& certificate, const std::vector<std::string>& urls);

    const bool fetch_;
    const long timeout_seconds_;
    const std::string tool_;
    std::set<std::string> warned_;  // fingerprints
    std::vector<RevocationList> given_;
    std::map<std::string, RevocationList> fetched_;  // by URL
};

}  // namespace evidence::cli
