// A PKCS#11 module: the library of a card's or HSM's maker, loaded at run time (OASIS
// PKCS#11 2.40). Private to the library: no public header includes it.
//
// Thread rule: one thread at a time.
#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"

namespace evidence {

class Pkcs11Module {
public:
    // Error(crypto) naming the module when it cannot be loaded or does not start.
    explicit Pkcs11Module(const fs::path& path);
    ~Pkcs11Module();
    Pkcs11Module(const Pkcs11Module&) = delete;
    Pkcs11Module& operator=(const Pkcs11Module&) = delete;

    const fs::path& path() const { return path_; }
    CK_FUNCTION_LIST* operator->() const { return functions_; }

    std::vector<CK_SLOT_ID> slots_with_tokens() const;

private:
    struct Unload {
        void operator()(void* library) const;
    };
    fs::path path_;
    std::unique_ptr<void, Unload> library_;
    CK_FUNCTION_LIST* functions_ = nullptr;
    bool started_here_ = false;  // else somebody in this process did before and still uses it
};

// "CKR_PIN_LOCKED" for the results that people meet, "0x00000030" for others.
std::string name_of_result(CK_RV result);

// Error(crypto) "<what> (<name of the result>)" unless it is CKR_OK.
void require_ok(CK_RV result, const std::string& what);

}  // namespace evidence
