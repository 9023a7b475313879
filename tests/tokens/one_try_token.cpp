// A PKCS#11 module for tests: SoftHSM with the temper of a smart card, which SoftHSM lacks. One
// wrong PIN locks every token; a file "locked" in the working folder remembers it.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <fstream>

namespace {

CK_FUNCTION_LIST* soft = nullptr;
CK_FUNCTION_LIST strict;

bool is_locked() { return std::ifstream("locked").good(); }

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    const CK_RV result = soft->C_GetTokenInfo(slot, info);
    if (result == CKR_OK) {
        info->flags |= is_locked() ? CKF_USER_PIN_LOCKED : CKF_USER_PIN_FINAL_TRY;
    }
    return result;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char* pin, CK_ULONG size) {
    if (is_locked()) return CKR_PIN_LOCKED;
    const CK_RV result = soft->C_Login(session, user, pin, size);
    if (result == CKR_PIN_INCORRECT) std::ofstream("locked") << "locked\n";
    return result;
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
    void* library = ::dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (!library) return CKR_GENERAL_ERROR;
    const auto get_list =
        reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
    if (!get_list || get_list(&soft) != CKR_OK) return CKR_GENERAL_ERROR;
    strict = *soft;
    strict.C_GetTokenInfo = get_token_info;
    strict.C_Login = log_in;
    *list = &strict;
    return CKR_OK;
}
