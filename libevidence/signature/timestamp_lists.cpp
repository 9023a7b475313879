#include <openssl/err.h>

#include <algorithm>

#include "base/error.h"
#include "signature/cms_certificates.h"
#include "signature/openssl_handles.h"
#include "signature/timestamp_info.h"
#include "signature/timestamp_token.h"

namespace evidence {
namespace {

CmsHandle parse(ByteView token) {
    const unsigned char* position = token.data();
    CmsHandle cms(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(token.size())));
    if (!cms) throw_openssl("not a CMS message");
    return cms;
}

std::vector<Certificate> plain_certificates(const CmsSignedData& token) {
    if (token.certificates.size() > cms_max_certificates) {
        throw Error(ErrorKind::malformed, "too many certificates");
    }
    std::vector<Certificate> certificates;
    for (const DerElement& element : token.certificates) {
        if (element.tag == der::sequence) {
            certificates.push_back(Certificate::from_der(element.whole, "inside"));
        }
    }
    return certificates;
}

// Issued by an issuer of somebody on the chain, and by that issuer's key as far as it is there.
bool belongs(const RevocationList& list, const std::vector<Certificate>& chain) {
    for (const Certificate& one : chain) {
        if (list.is_named_after(one)) return list.is_signed_by(one);
    }
    return X509_NAME_cmp(X509_CRL_get_issuer(list.handle()),
                         X509_get_issuer_name(chain.back().handle())) == 0;
}

// The newest of each issuer on the chain.
std::vector<RevocationList> chosen_for(const std::vector<Certificate>& chain,
                                       const std::vector<RevocationList>& lists) {
    std::vector<RevocationList> chosen;
    for (const RevocationList& list : lists) {
        if (!belongs(list, chain)) continue;
        const auto same =
            std::find_if(chosen.begin(), chosen.end(), [&](const RevocationList& other) {
                return X509_NAME_cmp(X509_CRL_get_issuer(list.handle()),
                                     X509_CRL_get_issuer(other.handle())) == 0;
            });
        if (same == chosen.end()) {
            chosen.push_back(list);
        } else if (same->this_update() < list.this_update()) {
            *same = list;
        }
    }
    return chosen;
}

}  // namespace

std::vector<RevocationList> revocation_lists_in(const CmsSignedData& token) {
    std::vector<RevocationList> lists;
    for (const DerElement& element : token.revocation_lists) {
        if (element.tag != der::sequence || lists.size() >= cms_max_revocation_lists) continue;
        try {
            lists.push_back(RevocationList::from_der(element.whole, "inside"));
        } catch (const Error&) {
            // Another kind of status information, or nothing; an authority puts in what it likes.
            ERR_clear_error();
        }
    }
    return lists;
}

std::vector<Certificate> authority_chain(ByteView token) {
    const std::vector<Certificate> inside = plain_certificates(parse_timestamp_token(token));
    const CmsHandle cms = parse(token);
    CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
    for (const Certificate& certificate : inside) {
        if (!signer || CMS_SignerInfo_cert_cmp(signer, certificate.handle()) != 0) continue;
        std::vector<Certificate> chain = issuing_path(certificate, inside);
        chain.insert(chain.begin(), certificate);
        return chain;
    }
    return {};
}

Bytes with_revocation_lists(ByteView token, const std::vector<RevocationList>& lists) {
    const std::vector<Certificate> chain = authority_chain(token);
    std::vector<RevocationList> chosen;
    if (!chain.empty()) chosen = chosen_for(chain, lists);
    const std::vector<RevocationList> inside = revocation_lists_in(parse_timestamp_token(token));
    std::erase_if(chosen, [&](const RevocationList& list) {
        return std::find(inside.begin(), inside.end(), list) != inside.end();
    });
    if (chosen.empty()) return {token.begin(), token.end()};
    const CmsHandle cms = parse(token);
    for (const RevocationList& list : chosen) {
        if (CMS_add1_crl(cms.get(), list.handle()) != 1) {
            throw_openssl("cannot put a revocation list into a time-stamp");
        }
    }
    return der_of<i2d_CMS_ContentInfo>(cms.get(), "time-stamp");
}

}  // namespace evidence
