// META-INF stands outside every manifest, so which files may be there is worked out from what
// package.json announces: nothing more may stand there, and nothing announced may be missing.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr unsigned first_cosigner = 101, last_cosigner = 199;
constexpr unsigned first_archive = 5, last_archive = 99;

bool is_there(const PackageCheck& check, const MetaInfPair& pair) {
    return check.structure.find(pair.manifest) || check.structure.find(pair.token);
}

class MetaInfCheck {
public:
    explicit MetaInfCheck(PackageCheck& check) : check_(check) {}

    void run() {
        expect(signature_pair(1));
        expect(signature_pair(2));
        expect_cosignatures();
        expect_time_stamps();
        for (const ZipEntry& entry : check_.structure.entries) {
            if (!entry.name.starts_with("META-INF/") || expected_.count(entry.name) > 0) continue;
            check_.fail("zip.unexpected-entry", Layer::structure,
                        "package.json announces no such signature or time-stamp", entry.name);
        }
    }

private:
    void expect(const MetaInfPair& pair) {
        expected_.insert(pair.manifest);
        expected_.insert(pair.token);
    }

    // That none of these is missing is found where their signers are compared.
    void expect_cosignatures() {
        for (const MetaInfPair& pair : announced_cosignatures(check_)) expect(pair);
    }

    void expect_time_stamps() {
        const TimestampPolicy policy = check_.package->timestamp;
        const unsigned last = last_time_stamp();
        if (policy == TimestampPolicy::none || (last == 0 && policy == TimestampPolicy::later)) {
            check_.findings().add("timestamp.absent", Layer::time,
                                  check_.options.weight_of_absent_time_stamp(),
                                  "the time of signing is only the signer's word", "META-INF");
            return;
        }
        for (unsigned number = 3; number <= std::max(last, 4u); ++number) {
            expect(time_stamp_pair(number));
            require(time_stamp_pair(number));
        }
    }

    // The highest number of which anything is there; 0 when there is no time-stamp at all.
    unsigned last_time_stamp() const {
        unsigned last = 0;
        for (unsigned number = 3; number <= last_archive; ++number) {
            if (is_there(check_, time_stamp_pair(number))) last = number;
        }
        return last;
    }

    void require(const MetaInfPair& pair) {
        for (const std::string& name : {pair.manifest, pair.token}) {
            if (check_.structure.find(name)) continue;
            check_.fail("timestamp.stripped", Layer::time,
                        "time-stamps come in pairs, numbered without gaps", name);
        }
    }

    PackageCheck& check_;
    std::set<std::string, std::less<>> expected_;
};

}  // namespace

MetaInfPair signature_pair(unsigned number) {
    return {fmt::format("META-INF/ASiCManifest{:03}.xml", number),
            fmt::format("META-INF/signature{:03}.p7s", number)};
}

MetaInfPair time_stamp_pair(unsigned number) {
    return {fmt::format("META-INF/ASiC{}Manifest{:03}.xml",
                        number >= first_archive ? "Archive" : "", number),
            fmt::format("META-INF/timestamp{:03}.tst", number)};
}

std::vector<MetaInfPair> announced_cosignatures(const PackageCheck& check) {
    std::vector<MetaInfPair> pairs;
    if (!check.package) return pairs;
    for (unsigned number = first_cosigner; number <= last_cosigner; ++number) {
        if (pairs.size() == check.package->cosigned_by.size()) break;
        pairs.push_back(signature_pair(number));
    }
    return pairs;
}

std::vector<MetaInfPair> archive_time_stamps(const PackageCheck& check) {
    std::vector<MetaInfPair> pairs;
    for (unsigned number = first_archive; number <= last_archive; ++number) {
        if (is_there(check, time_stamp_pair(number))) pairs.push_back(time_stamp_pair(number));
    }
    return pairs;
}

void check_meta_inf(PackageCheck& check) {
    if (check.package) MetaInfCheck(check).run();  // otherwise nothing is known to be announced
}

}  // namespace evidence
