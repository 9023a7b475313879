#include "signature/pkcs11_token.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/hex.h"
#include "signature/pkcs11_module.h"

namespace evidence {
namespace {

constexpr std::size_t max_objects = 1024;
constexpr std::size_t max_attribute_bytes = 64 * kib;
constexpr std::size_t max_listed = 8;  // in a message

template <std::size_t size>
std::string padded_text(const unsigned char (&field)[size]) {
    std::string text(reinterpret_cast<const char*>(field), size);
    text.erase(std::find(text.begin(), text.end(), '\0'), text.end());
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

bool fits(const std::optional<std::string>& wanted, const std::string& found) {
    return !wanted || *wanted == found;
}

bool fits(const Pkcs11Uri& uri, CK_SLOT_ID slot, const CK_TOKEN_INFO& info) {
    return fits(uri.token, padded_text(info.label)) &&
           fits(uri.serial, padded_text(info.serialNumber)) &&
           fits(uri.manufacturer, padded_text(info.manufacturerID)) &&
           fits(uri.model, padded_text(info.model)) && (!uri.slot_id || *uri.slot_id == slot);
}

std::string address_of(const CK_TOKEN_INFO& info) {
    return pkcs11_attribute("token", padded_text(info.label)) + ";" +
           pkcs11_attribute("serial", padded_text(info.serialNumber));
}

void add_attribute(std::string& text, std::string_view name,
                   const std::optional<std::string>& value) {
    if (value) text += (text.empty() ? "" : ";") + pkcs11_attribute(name, *value);
}

std::string wanted_token(const Pkcs11Uri& uri) {
    std::string text;
    add_attribute(text, "token", uri.token);
    add_attribute(text, "serial", uri.serial);
    add_attribute(text, "manufacturer", uri.manufacturer);
    add_attribute(text, "model", uri.model);
    if (uri.slot_id) {
        text += (text.empty() ? "" : ";") + std::string("slot-id=") + std::to_string(*uri.slot_id);
    }
    return text.empty() ? "any" : text;
}

std::string wanted_object(const Pkcs11Uri& uri) {
    std::string text;
    add_attribute(text, "object", uri.object);
    add_attribute(text, "id", uri.id);
    return text.empty() ? "any" : text;
}

std::string list_of(std::vector<std::string> names) {
    if (names.empty()) return "there is none";
    std::sort(names.begin(), names.end());  // tokens have no order of their own
    std::string text = "there is ";
    for (std::size_t i = 0; i < names.size() && i < max_listed; ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > max_listed ? text + ", ..." : text;
}

// Wipes a text when the scope ends, however it ends.
class Wiping {
public:
    explicit Wiping(std::string& text) : text_(text) {}
    ~Wiping() {
        OPENSSL_cleanse(text_.data(), text_.size());
        text_.clear();
    }
    Wiping(const Wiping&) = delete;
    Wiping& operator=(const Wiping&) = delete;

private:
    std::string& text_;
};

// One of `found`, where `names` tells them apart.
template <typename T>
const T& the_only(const std::vector<T>& found, const std::vector<std::string>& there,
                  const std::string& none, const std::string& several, const char* hint) {
    if (found.size() == 1) return found.front();
    throw Error(ErrorKind::crypto, (found.empty() ? none : several) + " (" + list_of(there) + ")",
                hint);
}

}  // namespace

struct Pkcs11Token::State {
    explicit State(const fs::path& path) : module(path) {}
    ~State() {
        if (session) module->C_CloseSession(*session);
        OPENSSL_cleanse(pin.data(), pin.size());
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Pkcs11Module module;
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info{};
    std::optional<CK_SESSION_HANDLE> session;
    std::string pin;

    std::string quoted() const { return "pkcs11:" + address_of(info); }
    CK_TOKEN_INFO token_info(CK_SLOT_ID of) const {
        CK_TOKEN_INFO result{};
        require_ok(module->C_GetTokenInfo(of, &result),
                   "cannot read what a token says of itself: " + module.path().native());
        return result;
    }
    void choose_slot(const Pkcs11Uri& uri);
    void open_session();
    // All sessions of a process share it: the token's other key may have asked before.
    bool is_logged_in() const {
        CK_SESSION_INFO about{};
        require_ok(module->C_GetSessionInfo(*session, &about), "cannot ask token: " + quoted());
        return about.state == CKS_RO_USER_FUNCTIONS || about.state == CKS_RW_USER_FUNCTIONS;
    }
    [[noreturn]] void refuse_pin(CK_RV result) const;
    std::string attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
    std::vector<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS object_class,
                                       const std::optional<std::string>& id,
                                       const std::optional<std::string>& label) const;
    Key describe(CK_OBJECT_HANDLE object) const {
        return {attribute(object, CKA_ID), attribute(object, CKA_LABEL)};
    }
    CK_OBJECT_HANDLE find_one(CK_OBJECT_CLASS object_class, const Pkcs11Uri& uri,
                              const std::string& what) const;
    Certificate certificate(CK_OBJECT_HANDLE object) const {
        return Certificate::from_der(as_bytes(attribute(object, CKA_VALUE)),
                                     "a certificate on " + quoted());
    }
    std::vector<Certificate> readable(const std::vector<CK_OBJECT_HANDLE>& objects) const;
};

// Those that are certificates: what else lies on a token must not make its keys unusable.
std::vector<Certificate> Pkcs11Token::State::readable(
    const std::vector<CK_OBJECT_HANDLE>& objects) const {
    std::vector<Certificate> certificates;
    for (const CK_OBJECT_HANDLE each : objects) {
        const std::string der = attribute(each, CKA_VALUE);
        try {
            certificates.push_back(Certificate::from_der(as_bytes(der), "a token"));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::crypto) throw;
        }
    }
    return certificates;
}

void Pkcs11Token::State::choose_slot(const Pkcs11Uri& uri) {
    std::vector<CK_SLOT_ID> found;
    std::vector<std::string> there, fitting;
    for (const CK_SLOT_ID each : module.slots_with_tokens()) {
        const CK_TOKEN_INFO about = token_info(each);
        if ((about.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
        there.push_back(address_of(about));
        if (!fits(uri, each, about)) continue;
        found.push_back(each);
        fitting.push_back(there.back());
    }
    slot = the_only(found, found.empty() ? there : fitting,
                    "no such token: pkcs11:" + wanted_token(uri),
                    "more than one token fits: pkcs11:" + wanted_token(uri),
                    found.empty() ? "is the card in the reader, and is it the right module?"
                                  : "name one of them in the URI");
    info = token_info(slot);
}

void Pkcs11Token::State::open_session() {
    CK_SESSION_HANDLE handle = 0;
    require_ok(module->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle),
               "cannot open token: " + quoted());
    session = handle;
}

void Pkcs11Token::State::refuse_pin(CK_RV result) const {
    const std::string token = quoted();
    if (result == CKR_PIN_LOCKED) {
        throw Error(ErrorKind::crypto, "the PIN of the token is locked: " + token,
                    "unlock it with the card's PUK or the tool of its maker");
    }
    if (result == CKR_PIN_INCORRECT || result == CKR_PIN_LEN_RANGE || result == CKR_PIN_INVALID) {
        const CK_FLAGS flags = token_info(slot).flags;
        if ((flags & CKF_USER_PIN_LOCKED) != 0) {
            throw Error(ErrorKind::crypto, "wrong PIN, and the token is locked now: " + token,
                        "unlock it with the card's PUK or the tool of its maker");
        }
        throw Error(ErrorKind::crypto, "wrong PIN: " + token,
                    (flags & CKF_USER_PIN_FINAL_TRY) != 0
                        ? "one try is left: another wrong PIN locks the token"
                        : "check it before you try again: tokens lock after a few wrong ones");
    }
    if (result == CKR_USER_PIN_NOT_INITIALIZED) {
        throw Error(ErrorKind::crypto, "no PIN was ever set: " + token,
                    "set one with the tool of the card's maker");
    }
    require_ok(result, "cannot log in to token: " + token);
    throw Error(ErrorKind::crypto, "cannot log in to token: " + token);
}

std::string Pkcs11Token::State::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    CK_ATTRIBUTE wanted{type, nullptr, 0};
    const CK_RV result = module->C_GetAttributeValue(*session, object, &wanted, 1);
    if (result == CKR_ATTRIBUTE_TYPE_INVALID || wanted.ulValueLen == 0) return {};
    const std::string what = "cannot read an object of token: " + quoted();
    require_ok(result, what);
    if (wanted.ulValueLen > max_attribute_bytes) {
        throw Error(ErrorKind::crypto, what + " (expected at most 64 KiB)");
    }
    std::string value(wanted.ulValueLen, '\0');
    wanted.pValue = value.data();
    require_ok(module->C_GetAttributeValue(*session, object, &wanted, 1), what);
    value.resize(std::min<std::size_t>(value.size(), wanted.ulValueLen));
    return value;
}

std::vector<CK_OBJECT_HANDLE> Pkcs11Token::State::find(
    CK_OBJECT_CLASS object_class, const std::optional<std::string>& id,
    const std::optional<std::string>& label) const {
    std::vector<CK_ATTRIBUTE> wanted = {{CKA_CLASS, &object_class, sizeof object_class}};
    std::string id_copy = id.value_or(""), label_copy = label.value_or("");
    if (id) wanted.push_back({CKA_ID, id_copy.data(), id_copy.size()});
    if (label) wanted.push_back({CKA_LABEL, label_copy.data(), label_copy.size()});
    const std::string what = "cannot search token: " + quoted();
    require_ok(module->C_FindObjectsInit(*session, wanted.data(), wanted.size()), what);
    std::vector<CK_OBJECT_HANDLE> found;
    CK_RV result = CKR_OK;
    while (result == CKR_OK && found.size() < max_objects) {
        std::array<CK_OBJECT_HANDLE, 16> some{};
        CK_ULONG count = 0;
        result = module->C_FindObjects(*session, some.data(), some.size(), &count);
        if (result != CKR_OK || count == 0) break;
        found.insert(found.end(), some.begin(),
                     some.begin() + static_cast<std::ptrdiff_t>(std::min<CK_ULONG>(count, 16)));
    }
    module->C_FindObjectsFinal(*session);
    require_ok(result, what);
    return found;
}

CK_OBJECT_HANDLE Pkcs11Token::State::find_one(CK_OBJECT_CLASS object_class, const Pkcs11Uri& uri,
                                              const std::string& what) const {
    const std::vector<CK_OBJECT_HANDLE> found = find(object_class, uri.id, uri.object);
    std::vector<std::string> there;
    if (found.size() != 1) {
        for (const CK_OBJECT_HANDLE each :
             found.empty() ? find(object_class, std::nullopt, std::nullopt) : found) {
            const Key about = describe(each);
            there.push_back(pkcs11_attribute("object", about.label) + ";" +
                            pkcs11_attribute("id", about.id));
        }
    }
    const std::string where = what + " on " + quoted();
    return the_only(found, there, "no " + where + ": " + wanted_object(uri),
                    "more than one " + where + " fits: " + wanted_object(uri),
                    "name one by object= or id= in the URI");
}

Pkcs11Token::Pkcs11Token(const Pkcs11Uri& uri, const fs::path& module)
    : state_(std::make_unique<State>(module)) {
    state_->choose_slot(uri);
    state_->open_session();
}

Pkcs11Token::Pkcs11Token(Pkcs11Token&&) noexcept = default;
Pkcs11Token::~Pkcs11Token() = default;

std::string Pkcs11Token::address() const { return address_of(state_->info); }

const std::string& Pkcs11Token::pin() const { return state_->pin; }

void Pkcs11Token::log_in(const PassphraseSource& pin) {
    const CK_FLAGS flags = state_->info.flags;
    if ((flags & CKF_LOGIN_REQUIRED) == 0 || state_->is_logged_in()) return;
    if ((flags & CKF_USER_PIN_LOCKED) != 0) state_->refuse_pin(CKR_PIN_LOCKED);
    if ((flags & CKF_USER_PIN_INITIALIZED) == 0) state_->refuse_pin(CKR_USER_PIN_NOT_INITIALIZED);
    std::string given;
    const Wiping wiping(given);
    if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) == 0) {
        std::optional<std::string> answer = pin ? pin(state_->quoted()) : std::nullopt;
        if (!answer || answer->empty()) {
            throw Error(ErrorKind::crypto, "the token wants a PIN: " + state_->quoted(),
                        "without a terminal give it with --key-password FILE or fd:N");
        }
        const Wiping wiping_answer(*answer);
        given = *answer;
    }
    auto* bytes = reinterpret_cast<unsigned char*>(given.data());
    const CK_RV result = state_->module->C_Login(*state_->session, CKU_USER,
                                                 given.empty() ? nullptr : bytes, given.size());
    if (result != CKR_OK && result != CKR_USER_ALREADY_LOGGED_IN) state_->refuse_pin(result);
    OPENSSL_cleanse(state_->pin.data(), state_->pin.size());
    state_->pin = given;  // moving would leave a short one behind
}

Pkcs11Token::Key Pkcs11Token::find_key(const Pkcs11Uri& uri) const {
    return state_->describe(state_->find_one(CKO_PRIVATE_KEY, uri, "private key"));
}

std::vector<Certificate> Pkcs11Token::certificates_of(const Key& key) const {
    std::vector<CK_OBJECT_HANDLE> found;
    if (!key.id.empty()) found = state_->find(CKO_CERTIFICATE, key.id, std::nullopt);
    if (found.empty() && !key.label.empty()) {
        found = state_->find(CKO_CERTIFICATE, std::nullopt, key.label);
    }
    std::vector<Certificate> certificates = state_->readable(found);
    if (certificates.empty() && !found.empty()) state_->certificate(found.front());  // says why
    return certificates;
}

Certificate Pkcs11Token::find_certificate(const Pkcs11Uri& uri) const {
    return state_->certificate(state_->find_one(CKO_CERTIFICATE, uri, "certificate"));
}

std::vector<Certificate> Pkcs11Token::all_certificates() const {
    return state_->readable(state_->find(CKO_CERTIFICATE, std::nullopt, std::nullopt));
}

}  // namespace evidence
