// What the tests of this room share: the independent sample's ledger, throw-away signers, a ledger
// in a scratch folder.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/hex.h"
#include "custody/ledger.h"
#include "test_context.h"

namespace evidence::test {

inline const std::string sample_folder = EVIDENCE_TESTS_DIR "/vectors/sample-v1-custody/";
inline const std::string sample_ledger_id = "38ecba424a7f342a58dd6ce580752df8";
inline const std::string sample_case_number = "HN-2025-7";

inline std::vector<std::string> sample_lines() {
    std::ifstream file(sample_folder + "ledger.jsonl");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.size() != 5) throw std::runtime_error("the sample ledger has five lines");
    return lines;
}

inline ItemKey item_key(std::string_view hex) {
    const Bytes bytes = from_hex(hex).value();
    ItemKey key{};
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

enum class KeyType { ec_p256, ec_p384, rsa_3072, ed25519 };

inline EVP_PKEY* new_key(KeyType type) {
    if (type == KeyType::ec_p256) return EVP_EC_gen("P-256");
    if (type == KeyType::ec_p384) return EVP_EC_gen("P-384");
    if (type == KeyType::rsa_3072) return EVP_RSA_gen(3072);
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
}

// A self-signed signer that is valid around the clock of TestContext.
inline SigningIdentity make_identity(KeyType type = KeyType::ec_p256,
                                     const std::string& name = "Test Investigator",
                                     std::int64_t days = 3650) {
    EVP_PKEY* key = new_key(type);
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
    const std::int64_t from = FixedClock().time.seconds() - 3600;
    ASN1_TIME_set(X509_getm_notBefore(certificate), from);
    ASN1_TIME_set(X509_getm_notAfter(certificate), from + days * 86400);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_set_pubkey(certificate, key);
    if (X509_sign(certificate, key, type == KeyType::ed25519 ? nullptr : EVP_sha256()) == 0) {
        throw std::runtime_error("cannot make a test certificate");
    }
    SigningIdentity identity{PrivateKey(key), Certificate(certificate), {}};
    EVP_PKEY_free(key);
    X509_free(certificate);
    return identity;
}

inline EventAuthor author(const SigningIdentity* identity = nullptr) {
    return {{"Test Investigator", "Test Authority", "investigator", "", ""}, identity};
}

inline EventDraft draft(std::string type, std::vector<std::string> items = {}) {
    EventDraft event;
    event.type = std::move(type);
    event.items = std::move(items);
    event.place = "Hà Nội";
    return event;
}

inline ItemRow new_item(std::string id, RandomSource& random) {
    ItemRow row;
    row.id = std::move(id);
    random.fill(row.key);
    row.acquisition_sha256 = std::string(64, 'a');
    return row;
}

// A ledger in its own scratch folder.
struct LedgerInFolder {
    TestContext context;
    TemporaryFolder folder;
    fs::path path = folder / "custody.db";
    Ledger ledger = Ledger::create(path, "C-1", draft("open"), author(), context);

    void acquire(const std::string& item, const SigningIdentity* identity = nullptr) {
        ledger.append(draft("acquire", {item}), author(identity), context,
                      new_item(item, context.random));
    }
    std::vector<LedgerLine> lines() const {
        std::vector<LedgerLine> all;
        ledger.visit(0, UINT64_MAX, [&](const LedgerLine& line) { all.push_back(line); });
        return all;
    }
};

}  // namespace evidence::test
