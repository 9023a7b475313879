#include "signature/pkcs11_module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t max_slots = 256;

struct NamedResult {
    CK_RV result;
    const char* name;
};
constexpr NamedResult result_names[] = {
    {CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"},
    {CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED"},
    {CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED"},
    {CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR"},
    {CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED"},
    {CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"},
    {CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"},
    {CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT"},
    {CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE"},
    {CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED"},
    {CKR_PIN_LOCKED, "CKR_PIN_LOCKED"},
    {CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED"},
};

}  // namespace

void Pkcs11Module::Unload::operator()(void* library) const { ::dlclose(library); }

Pkcs11Module::Pkcs11Module(const fs::path& path)
    : path_(path), library_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    const auto fail = [&path](const std::string& reason) {
        throw Error(ErrorKind::crypto,
                    "cannot load PKCS#11 module: " + path.native() + " (" + reason + ")",
                    "name the library of the card's maker with ?module-path=FILE in the URI or "
                    "EVIDENCE_PKCS11_MODULE");
    };
    if (!library_) {
        const char* reason = ::dlerror();
        fail(reason ? reason : "no reason given");
    }
    const auto get_list =
        reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library_.get(), "C_GetFunctionList"));
    if (!get_list) fail("expected a function C_GetFunctionList");
    if (get_list(&functions_) != CKR_OK || !functions_) fail("it has no function list");
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV started = functions_->C_Initialize(&arguments);
    if (started == CKR_CRYPTOKI_ALREADY_INITIALIZED) return;
    if (started != CKR_OK) fail(name_of_result(started));
    started_here_ = true;
}

Pkcs11Module::~Pkcs11Module() {
    if (started_here_) functions_->C_Finalize(nullptr);
}

std::vector<CK_SLOT_ID> Pkcs11Module::slots_with_tokens() const {
    CK_ULONG count = 0;
    const std::string what = "cannot list the tokens of PKCS#11 module: " + path_.native();
    require_ok(functions_->C_GetSlotList(CK_TRUE, nullptr, &count), what);
    if (count > max_slots) count = max_slots;
    std::vector<CK_SLOT_ID> slots(count);
    if (count > 0) require_ok(functions_->C_GetSlotList(CK_TRUE, slots.data(), &count), what);
    slots.resize(count);
    return slots;
}

std::string name_of_result(CK_RV result) {
    for (const NamedResult& named : result_names) {
        if (named.result == result) return named.name;
    }
    return fmt::format("CKR 0x{:08X}", result);
}

void require_ok(CK_RV result, const std::string& what) {
    if (result == CKR_OK) return;
    throw Error(ErrorKind::crypto, what + " (" + name_of_result(result) + ")");
}

}  // namespace evidence
