// What sealing and disclosing do alike: the documents at the head of a package, and at its end the
// lists of digests, the signatures over them and the time-stamps over those.
//
// Thread rule: one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "custody/ledger.h"
#include "package/cosignature.h"
#include "package/documents.h"
#include "package/package_writer.h"
#include "signature/timestamp_authority.h"

namespace evidence {

// What a package is made with, besides what goes into it.
struct PackageTerms {
    Json request;                     // the MLA request answered; null when none
    Json conditions = Json::array();  // each {"kind","text"}
    TimestampPolicy timestamp = TimestampPolicy::none;
    bool signature_time_stamps = false;  // also inside the signatures, with `included` (CAdES B-T)
    // Into both signatures go those of the signer's issuers (CAdES B-LT); none given: none.
    std::vector<RevocationList> revocation_lists;
    // Asked for tokens with TimestampPolicy::included: one before anything is written, to see that
    // it answers, and one or two for each signature. Not owned.
    const TimestampAuthority* authority = nullptr;
    std::vector<SigningIdentity> cosigners;  // besides the sealer, in this order
    std::string tool_name, tool_version;
};

// References are kept: everything given has to outlive the object.
class PackageSigning {
public:
    // Error(crypto) when the revocation lists speak against signing.
    PackageSigning(const PackageTerms& terms, const SigningIdentity& identity,
                   const EventAuthor& author, const Context& context);

    // Sets what `document` says about the signing: id, created_at, sealed_by, cosigned_by,
    // timestamp, tool. Errors of require_cosigners and require_valid_now.
    void fill(PackageDocument& document) const;
    // Copying may take hours: whatever is wrong with the authority is better found before.
    void try_authority(const PackageDocument& document) const;

    // mimetype to request.json. `origin`: of a disclosure.
    void write_head(PackageWriter& writer, const PackageDocument& document,
                    std::uint64_t payload_bytes, std::string_view readme,
                    const std::optional<TermsOrigin>& origin = {}) const;
    // manifest-sha256.txt to the last file of META-INF; not yet the directory. Precondition: all
    // other files are written.
    void write_end(PackageWriter& writer, const PackageDocument& document);

    const std::string& manifest_sha256() const { return manifest_sha256_; }  // after write_end()
    const std::optional<TimestampFacts>& time_stamp() const { return time_stamp_; }  // likewise

private:
    void sign(PackageWriter& writer, std::string_view manifest_name,
              std::string_view signature_name, const std::string& manifest,
              const SigningIdentity& by, UtcTime at) const;
    void cosign(PackageWriter& writer, UtcTime at) const;
    void add_time_stamps(PackageWriter& writer, UtcTime sealed_at);
    Bytes time_stamped(const Bytes& signature, const std::string& manifest,
                       UtcTime sealed_at) const;
    void require_in_order(const Timestamp& stamp, UtcTime sealed_at) const;
    std::vector<RevocationList> revocation_lists_of(const SigningIdentity& by) const;
    std::string bag_info(const PackageDocument& document, std::uint64_t payload_bytes) const;

    const PackageTerms& terms_;
    const SigningIdentity& identity_;
    const EventAuthor& author_;
    const Context& context_;
    std::string manifest_sha256_;
    std::optional<TimestampFacts> time_stamp_;
};

// custody/signers/<fingerprint>.pem: certificates a reader needs to reach a trust anchor, not the
// anchor itself.
std::string signer_pem(const std::vector<Certificate>& chain);

}  // namespace evidence
