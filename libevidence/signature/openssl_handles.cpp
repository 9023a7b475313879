#include "signature/openssl_handles.h"

#include <openssl/err.h>

#include "base/error.h"

namespace evidence {

void throw_openssl(const std::string& message, const std::string& hint) {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    throw Error(ErrorKind::crypto,
                message + " (" + (reason ? reason : "openssl gave no reason") + ")", hint);
}

BioHandle memory_bio(ByteView bytes) {
    if (bytes.size() > static_cast<std::size_t>(INT_MAX)) {
        throw Error(ErrorKind::unsupported, "too large for openssl (expected less than 2 GiB)");
    }
    const void* data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
    BioHandle bio(BIO_new_mem_buf(data, static_cast<int>(bytes.size())));
    if (!bio) throw_openssl("cannot hold bytes in memory");
    return bio;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const X509_NAME* name) {
    constexpr unsigned long flags =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!bio) throw_openssl("cannot hold a name in memory");
    if (X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) {
        ERR_clear_error();
        return {};
    }
    return text_of(bio.get());
}

}  // namespace evidence
