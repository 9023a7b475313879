// What a blind disclosure carries of the package it was cut from, and of every origin inside that:
// enough to prove what is given, and of the rest nothing but how many records and events there are.
//
// Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "package/content_facts.h"
#include "package/disclosed_records.h"
#include "package/origin_view.h"

namespace evidence {

// Files by name, in the order of the layout; what they are made of is kept alive beside them.
class BlindOrigin {
public:
    // `items`: those whose record is given, so that events about them alone are shown. References
    // are kept. Error(refused) when what is in the original does not belong together or a record
    // is not proven by it, Error(unsupported) for too many levels or too long a record.
    BlindOrigin(const OriginPackage& origin, const DisclosedRecords& records,
                const std::set<std::string>& items, const Context& context);

    const std::vector<GivenFile>& files() const { return files_; }

private:
    void add_level(std::size_t level);
    void add_ledger(const OriginView& view, const std::string& prefix);
    void copy(const OriginView& view, const std::string& prefix, std::string_view name);
    void add(std::string name, std::unique_ptr<Spool> spool);
    // Both make the proofs of a level out of originals_, and the originals of the next one.
    void prove_by_records(const OriginView& view, const std::string& prefix,
                          const ItemProofs& proofs);
    void prove_by_proofs(const OriginView& view, const std::string& prefix);
    // What stands behind the records at hand in the records of `view`.
    void find_originals(const OriginView& view, ItemProofs& proofs);

    const OriginPackage& origin_;
    const std::set<std::string>& items_;
    const Context& context_;
    // See DisclosedRecords::originals(); of the level at hand.
    const Spool* originals_;
    std::unique_ptr<Spool> own_originals_;
    const DisclosedRecords& records_;
    std::vector<std::unique_ptr<Spool>> spools_;
    std::vector<GivenFile> files_;
};

}  // namespace evidence
