#include "signature/revocation_list.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/error.h"
#include "signature/files_of.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr std::size_t lists_max_bytes = 64 * mib;  // of one file
constexpr std::size_t max_distribution_points = 16;

using PointsHandle = std::unique_ptr<CRL_DIST_POINTS, OpenSslDeleter<CRL_DIST_POINTS_free>>;
using DateHandle = std::unique_ptr<ASN1_GENERALIZEDTIME, OpenSslDeleter<ASN1_GENERALIZEDTIME_free>>;

std::optional<UtcTime> time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return UtcTime::from_seconds(::timegm(&parts));
}

// Every list of a PEM text, or the one in DER; none when it holds none.
std::vector<RevocationList> lists_in(ByteView content) {
    const unsigned char* position = content.data();
    std::vector<RevocationList> lists;
    if (const CrlHandle list{d2i_X509_CRL(nullptr, &position, static_cast<long>(content.size()))}) {
        if (position == content.data() + content.size()) lists.emplace_back(list.get());
    } else {
        const BioHandle bio = memory_bio(content);
        while (const CrlHandle next{
            PEM_read_bio_X509_CRL(bio.get(), nullptr, no_passphrase, nullptr)}) {
            lists.emplace_back(next.get());
        }
    }
    ERR_clear_error();
    return lists;
}

void add_urls(const DIST_POINT_NAME* name, std::vector<std::string>& urls) {
    if (!name || name->type != 0) return;  // 1: relative to the issuer's name, in a directory
    const GENERAL_NAMES* names = name->name.fullname;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* one = sk_GENERAL_NAME_value(names, i);
        if (one->type != GEN_URI || urls.size() >= max_distribution_points) continue;
        const ASN1_IA5STRING* text = one->d.uniformResourceIdentifier;
        std::string url(ASN1_STRING_get0_data(text),
                        ASN1_STRING_get0_data(text) + ASN1_STRING_length(text));
        if (url.starts_with("http://") || url.starts_with("https://")) {
            urls.push_back(std::move(url));
        }
    }
}

}  // namespace

RevocationList::RevocationList(X509_CRL* list) : list_(list) { X509_CRL_up_ref(list_); }

RevocationList::RevocationList(const RevocationList& other) : RevocationList(other.list_) {}

RevocationList::RevocationList(RevocationList&& other) noexcept
    : list_(std::exchange(other.list_, nullptr)) {}

RevocationList& RevocationList::operator=(RevocationList other) noexcept {
    std::swap(list_, other.list_);
    return *this;
}

RevocationList::~RevocationList() { X509_CRL_free(list_); }

RevocationList RevocationList::from_der(ByteView der, std::string_view where) {
    const unsigned char* position = der.data();
    const CrlHandle list(d2i_X509_CRL(nullptr, &position, static_cast<long>(der.size())));
    if (!list) throw_openssl("not a revocation list: " + std::string(where));
    if (position != der.data() + der.size()) {
        throw Error(ErrorKind::crypto, "bytes behind a revocation list: " + std::string(where) +
                                           " (expected one in DER form)");
    }
    return RevocationList(list.get());
}

Bytes RevocationList::der() const { return der_of<i2d_X509_CRL>(list_, "revocation list"); }

std::string RevocationList::issuer() const { return text_of(X509_CRL_get_issuer(list_)); }

UtcTime RevocationList::this_update() const {
    // One that cannot be read counts as never issued.
    return time_of(X509_CRL_get0_lastUpdate(list_)).value_or(UtcTime{INT64_MAX});
}

std::optional<UtcTime> RevocationList::next_update() const {
    return time_of(X509_CRL_get0_nextUpdate(list_));
}

bool RevocationList::is_about(const Certificate& certificate) const {
    return X509_NAME_cmp(X509_CRL_get_issuer(list_), X509_get_issuer_name(certificate.handle())) ==
           0;
}

bool RevocationList::is_named_after(const Certificate& issuer) const {
    return X509_NAME_cmp(X509_CRL_get_issuer(list_), X509_get_subject_name(issuer.handle())) == 0;
}

bool RevocationList::is_signed_by(const Certificate& issuer) const {
    const bool signed_by =
        is_named_after(issuer) && X509_CRL_verify(list_, X509_get0_pubkey(issuer.handle())) == 1;
    ERR_clear_error();
    return signed_by;
}

std::optional<UtcTime> RevocationList::revoked_since(const Certificate& certificate) const {
    X509_REVOKED* entry = nullptr;
    if (!is_about(certificate) || X509_CRL_get0_by_cert(list_, &entry, certificate.handle()) != 1) {
        return std::nullopt;
    }
    int critical = 0;
    const DateHandle invalid(static_cast<ASN1_GENERALIZEDTIME*>(
        X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, &critical, nullptr)));
    // A date that cannot be read: since always.
    const UtcTime revoked = time_of(X509_REVOKED_get0_revocationDate(entry)).value_or(UtcTime{});
    // It may be known to have been bad before; it was not good after.
    return invalid ? std::min(revoked, time_of(invalid.get()).value_or(UtcTime{})) : revoked;
}

bool RevocationList::operator==(const RevocationList& other) const {
    return X509_CRL_match(list_, other.list_) == 0;
}

std::vector<RevocationList> load_revocation_lists(const fs::path& path) {
    std::vector<RevocationList> lists;
    for (const fs::path& file : files_of(path)) {
        const std::string content = read_small_file(file, lists_max_bytes);
        for (RevocationList& list : lists_in(as_bytes(content))) lists.push_back(std::move(list));
    }
    if (!lists.empty()) return lists;
    throw Error(ErrorKind::crypto,
                "no revocation list: " + path.native() + " (expected PEM or DER)");
}

RevocationList parse_revocation_list(ByteView bytes, std::string_view where) {
    const std::vector<RevocationList> lists = lists_in(bytes);
    if (lists.size() == 1) return lists.front();
    throw Error(ErrorKind::malformed, "not a revocation list from " + std::string(where) +
                                          " (expected one, in DER or PEM)");
}

std::vector<std::string> distribution_points(const Certificate& certificate) {
    const PointsHandle points(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate.handle(), NID_crl_distribution_points, nullptr, nullptr)));
    ERR_clear_error();
    std::vector<std::string> urls;
    for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
        add_urls(sk_DIST_POINT_value(points.get(), i)->distpoint, urls);
    }
    return urls;
}

}  // namespace evidence
