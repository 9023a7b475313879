#include "package/package_signing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "package/package_layout.h"
#include "signature/cms_signature.h"
#include "signature/raw_signature.h"

namespace evidence {
namespace {

std::string day_of(UtcTime time) { return format_utc(time).substr(0, 10); }

Actor sealing_actor(const EventAuthor& author, const SigningIdentity& identity) {
    Actor actor = author.actor;
    actor.certificate_sha256 = identity.certificate.fingerprint();
    actor.algorithm = raw_algorithm(identity.key);
    return actor;
}

TermsDocument terms_of(const PackageDocument& document) {
    TermsDocument terms;
    terms.conditions = document.conditions;
    terms.created_at = document.created_at;
    terms.ledger_id = document.ledger_id;
    terms.package_id = document.id;
    terms.sealer_certificate_sha256 = document.sealed_by.certificate_sha256;
    terms.sealer_name = document.sealed_by.name;
    terms.sealer_organization = document.sealed_by.organization;
    return terms;
}

}  // namespace

PackageSigning::PackageSigning(const PackageTerms& terms, const SigningIdentity& identity,
                               const EventAuthor& author, const Context& context)
    : terms_(terms), identity_(identity), author_(author), context_(context) {
    // What speaks against signing is found before the work.
    revocation_lists_of(identity);
    for (const SigningIdentity& cosigner : terms.cosigners) revocation_lists_of(cosigner);
}

void PackageSigning::fill(PackageDocument& document) const {
    document.sealed_by = sealing_actor(author_, identity_);
    for (const SigningIdentity& cosigner : terms_.cosigners) {
        document.cosigned_by.push_back(cosigner.certificate.fingerprint());
    }
    document.created_at = context_.clock.now();
    require_cosigners(identity_, terms_.cosigners, document.created_at);
    document.id = random_uuid(context_.random);
    document.timestamp = terms_.timestamp;
    document.tool_name = terms_.tool_name;
    document.tool_version = terms_.tool_version;
    require_valid_now(identity_, document.created_at);
}

void PackageSigning::try_authority(const PackageDocument& document) const {
    if (terms_.timestamp != TimestampPolicy::included) return;
    require_in_order(request_timestamp(*terms_.authority, as_bytes(document.id), context_.random),
                     document.created_at);
}

std::string PackageSigning::bag_info(const PackageDocument& document,
                                     std::uint64_t payload_bytes) const {
    BagInfo info;
    info.software_agent = terms_.tool_name + " " + terms_.tool_version;
    info.bagging_date = day_of(document.created_at);
    info.external_identifier = document.id;
    info.internal_sender_identifier = document.case_number;
    info.source_organization = document.sealed_by.organization;
    info.payload_bytes = payload_bytes;
    info.payload_files = document.objects;
    return bag_info_txt(info);
}

void PackageSigning::write_head(PackageWriter& writer, const PackageDocument& document,
                                std::uint64_t payload_bytes, std::string_view readme,
                                const std::optional<TermsOrigin>& origin) const {
    writer.add("mimetype", package_mimetype);
    writer.add("bagit.txt", bagit_txt);
    writer.add("bag-info.txt", bag_info(document, payload_bytes));
    writer.add("README.txt", readme);
    writer.add("package.json", format_package_document(document));
    TermsDocument terms = terms_of(document);
    terms.origin = origin;
    writer.add("terms.json", format_terms_document(terms));
    if (!terms_.request.is_null()) {
        writer.add("request.json", canonical(terms_.request) + "\n");
    }
}

void PackageSigning::write_end(PackageWriter& writer, const PackageDocument& document) {
    const UtcTime at = document.created_at;
    const auto listed = [&writer](bool (*belongs)(std::string_view)) {
        std::vector<ListedFile> files;
        std::copy_if(writer.files().begin(), writer.files().end(), std::back_inserter(files),
                     [belongs](const ListedFile& file) { return belongs(file.name); });
        return files;
    };
    writer.add("manifest-sha256.txt", bag_manifest(listed(is_payload)));
    writer.add("tagmanifest-sha256.txt", bag_manifest(listed(is_in_tagmanifest)));
    const std::string whole = asic_manifest(signature_001, listed(is_in_manifest_001));
    manifest_sha256_ = sha256_hex(whole);
    sign(writer, manifest_001, signature_001, whole, identity_, at);

    std::vector<ListedFile> heads;
    for (const std::string_view name : names_in_manifest_002) {
        heads.push_back({std::string(name), writer.digest_of(name)});
    }
    sign(writer, manifest_002, signature_002, asic_manifest(signature_002, heads), identity_, at);
    cosign(writer, at);
    add_time_stamps(writer, at);
}

// Before any time-stamp, and over what 001 lists.
void PackageSigning::cosign(PackageWriter& writer, UtcTime at) const {
    std::vector<ListedFile> files;
    std::copy_if(writer.files().begin(), writer.files().end(), std::back_inserter(files),
                 [](const ListedFile& file) { return is_in_manifest_001(file.name); });
    for (std::size_t i = 0; i < terms_.cosigners.size(); ++i) {
        context_.check_interrupted();
        const std::string name = cosignature_name(i);
        sign(writer, cosignature_manifest(i), name, asic_manifest(name, files), terms_.cosigners[i],
             at);
    }
}

std::vector<RevocationList> PackageSigning::revocation_lists_of(const SigningIdentity& by) const {
    if (terms_.revocation_lists.empty()) return {};
    return revocation_lists_for(by, terms_.revocation_lists, context_.clock.now());
}

void PackageSigning::sign(PackageWriter& writer, std::string_view manifest_name,
                          std::string_view signature_name, const std::string& manifest,
                          const SigningIdentity& by, UtcTime at) const {
    Bytes signature = sign_detached(as_bytes(manifest), by, at, revocation_lists_of(by));
    if (terms_.signature_time_stamps) signature = time_stamped(signature, manifest, at);
    writer.add(manifest_name, manifest);
    writer.add(signature_name, as_text(signature));
}

// The last thing before the directory: an authority that does not answer leaves no package behind.
void PackageSigning::add_time_stamps(PackageWriter& writer, UtcTime sealed_at) {
    if (terms_.timestamp != TimestampPolicy::included) return;
    for (const TimestampNames& names : time_stamp_names) {
        context_.check_interrupted();
        std::vector<ListedFile> files;
        for (const std::string_view name : names.covered) {
            files.push_back({std::string(name), writer.digest_of(name)});
        }
        const std::string manifest = asic_manifest(names.token, files);
        const Timestamp stamp =
            request_timestamp(*terms_.authority, as_bytes(manifest), context_.random);
        require_in_order(stamp, sealed_at);
        writer.add(names.manifest, manifest);
        writer.add(names.token, as_text(stamp.token));
        if (!time_stamp_) time_stamp_ = stamp.facts;
    }
}

// Level B-T: the token goes into the signature file before anything covers that.
Bytes PackageSigning::time_stamped(const Bytes& signature, const std::string& manifest,
                                   UtcTime sealed_at) const {
    const DetachedSignature made = check_detached(signature, as_bytes(manifest), "new signature");
    const Timestamp stamp =
        request_timestamp(*terms_.authority, made.signature_value, context_.random);
    require_in_order(stamp, sealed_at);
    return with_time_stamp(signature, stamp.token);
}

// What readers would find inconsistent must not be written.
void PackageSigning::require_in_order(const Timestamp& stamp, UtcTime sealed_at) const {
    if (sealed_at.milliseconds <= stamp.facts.time.milliseconds + time_stamp_tolerance_ms) {
        return;
    }
    throw Error(
        ErrorKind::refused,
        fmt::format("the time-stamp from {} is older than what it is about: {} (expected "
                    "{} or later)",
                    terms_.authority->name, format_utc(stamp.facts.time), format_utc(sealed_at)),
        "set this computer's clock right, or ask another authority");
}

std::string signer_pem(const std::vector<Certificate>& chain) {
    std::string pem;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (i == 0 || !chain[i].is_self_issued()) pem += chain[i].pem();
    }
    return pem;
}

}  // namespace evidence
