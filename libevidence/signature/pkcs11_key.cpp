// Engines are deprecated since OpenSSL 3.0, but no PKCS#11 provider is in Debian 12.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "signature/pkcs11_key.h"

#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>

#include <algorithm>

#include "base/error.h"
#include "signature/openssl_handles.h"
#include "signature/pkcs11_token.h"

namespace evidence {
namespace {

using EngineHandle = std::unique_ptr<ENGINE, OpenSslDeleter<ENGINE_free>>;
using UiMethodHandle = std::unique_ptr<UI_METHOD, OpenSslDeleter<UI_destroy_method>>;

// What has to live as long as a key, which is as long as the engine: that keeps a reference.
struct Connection {
    Pkcs11Token token;  // logged in
    std::string key_label;
};

// libp11's engine can be loaded once in a process and then speaks to one module. It is never
// unloaded: modules do not all bear being called when the process is already on its way out.
struct Engine {
    ENGINE* engine = nullptr;
    UI_METHOD* answers = nullptr;
    fs::path module;
    std::vector<std::unique_ptr<const Connection>> connections;
};

Engine& the_engine() {
    static Engine* const engine = new Engine;  // see above; still reachable, so no leak
    return *engine;
}

// "... for LABEL:"; nothing is allocated, as OpenSSL asks.
bool asks_for(std::string_view question, std::string_view label) {
    if (!question.ends_with(':')) return false;
    question.remove_suffix(1);
    if (!question.ends_with(label)) return false;
    question.remove_suffix(label.size());
    return question.ends_with("for ");
}

// The question names the key by its label alone: where keys of that name lie on two tokens with
// two PINs, neither is tried.
const std::string* pin_for(std::string_view question) noexcept {
    const std::string* pin = nullptr;
    for (const auto& each : the_engine().connections) {
        if (!asks_for(question, each->key_label)) continue;
        if (pin && *pin != each->token.pin()) return nullptr;
        pin = &each->token.pin();
    }
    return pin && !pin->empty() ? pin : nullptr;
}

// A key may want its PIN again for each signature (CKA_ALWAYS_AUTHENTICATE).
int answer_with_pin(UI* ui, UI_STRING* question) noexcept {
    const char* text = UI_get0_output_string(question);
    const std::string* pin = text ? pin_for(text) : nullptr;
    return pin && UI_set_result(ui, question, pin->c_str()) == 0 ? 1 : 0;
}

int connection_index() {
    static const int index =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_EVP_PKEY, 0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

// Not entered in OpenSSL's list, which would unload it at exit.
EngineHandle load_engine(const TokenAccess& access) {
    const char* built_in = OPENSSL_info(OPENSSL_INFO_ENGINES_DIR);
    const fs::path folder = access.engines.empty() ? built_in ? built_in : "" : access.engines;
    ENGINE_load_dynamic();
    EngineHandle engine(ENGINE_by_id("dynamic"));
    if (!engine || ENGINE_ctrl_cmd_string(engine.get(), "ID", "pkcs11", 0) != 1 ||
        ENGINE_ctrl_cmd_string(engine.get(), "DIR_LOAD", "2", 0) != 1 ||
        ENGINE_ctrl_cmd_string(engine.get(), "DIR_ADD", folder.c_str(), 0) != 1 ||
        ENGINE_ctrl_cmd_string(engine.get(), "LIST_ADD", "0", 0) != 1 ||
        ENGINE_ctrl_cmd_string(engine.get(), "LOAD", nullptr, 0) != 1) {
        throw_openssl("cannot load OpenSSL's pkcs11 engine from " + folder.native(),
                      "install the Debian package libengine-pkcs11-openssl");
    }
    return engine;
}

UiMethodHandle make_answers() {
    UiMethodHandle answers(UI_create_method("evidence"));
    if (!answers || UI_method_set_reader(answers.get(), answer_with_pin) != 0) {
        throw_openssl("cannot answer for the PIN");
    }
    return answers;
}

void start_engine(const fs::path& module, const TokenAccess& access) {
    Engine& shared = the_engine();
    if (shared.engine && shared.module == module) return;
    if (shared.engine) {
        throw Error(ErrorKind::unsupported,
                    "keys behind two PKCS#11 modules: " + shared.module.native() + " and " +
                        module.native() + " (expected one module for all)",
                    "name p11-kit-proxy.so, which joins the modules of this computer, for both");
    }
    EngineHandle engine = load_engine(access);
    UiMethodHandle answers = make_answers();
    // QUIET: it would write its own messages to standard error.
    if (ENGINE_ctrl_cmd_string(engine.get(), "QUIET", nullptr, 0) != 1 ||
        ENGINE_ctrl_cmd_string(engine.get(), "MODULE_PATH", module.c_str(), 0) != 1 ||
        ENGINE_ctrl_cmd(engine.get(), "SET_USER_INTERFACE", 0, answers.get(), nullptr, 0) != 1 ||
        ENGINE_init(engine.get()) != 1) {
        throw_openssl("cannot start OpenSSL's pkcs11 engine with module " + module.native());
    }
    shared.engine = engine.release();
    shared.answers = answers.release();
    shared.module = module;
}

fs::path module_of(const Pkcs11Uri& uri, const TokenAccess& access) {
    if (!uri.module_path.empty()) return uri.module_path;
    if (!access.module.empty()) return access.module;
    throw Error(ErrorKind::usage,
                "no PKCS#11 module named (expected the library of the card's "
                "maker)",
                "add ?module-path=FILE to the URI or set EVIDENCE_PKCS11_MODULE");
}

// Exactly that key: whatever else is on the token.
std::string exact_uri(const Pkcs11Token& token, const Pkcs11Token::Key& key) {
    std::string uri = "pkcs11:" + token.address();
    if (!key.id.empty()) uri += ";" + pkcs11_attribute("id", key.id);
    if (!key.label.empty()) uri += ";" + pkcs11_attribute("object", key.label);
    return uri + ";type=private";
}

void put_fitting_first(std::vector<Certificate>& certificates, const EVP_PKEY* key) {
    std::stable_partition(certificates.begin(), certificates.end(), [key](const Certificate& each) {
        return X509_check_private_key(each.handle(), key) == 1;
    });
    ERR_clear_error();
}

}  // namespace

bool is_on_token(const PrivateKey& key) {
    return EVP_PKEY_get_ex_data(key.handle(), connection_index()) != nullptr;
}

TokenKey load_token_key(std::string_view text, const TokenAccess& access,
                        const PassphraseSource& pin) {
    const Pkcs11Uri uri = parse_pkcs11_uri(text);
    const fs::path module = module_of(uri, access);
    ERR_clear_error();
    start_engine(module, access);  // first: no PIN is asked for in vain
    Pkcs11Token token(uri, module);
    token.log_in(pin);
    const Pkcs11Token::Key found = token.find_key(uri);
    std::vector<Certificate> certificates = token.certificates_of(found);
    std::vector<Certificate> others = token.all_certificates();
    const std::string exact = exact_uri(token, found);
    auto connection = std::make_unique<Connection>(Connection{std::move(token), found.label});
    // The engine gets no PIN: a process that is logged in need not log in again.
    const KeyHandle key(
        ENGINE_load_private_key(the_engine().engine, exact.c_str(), the_engine().answers, nullptr));
    if (!key) throw_openssl("cannot use private key: " + exact);
    // The same key a second time is the same object: its first connection serves it.
    if (!is_on_token(PrivateKey(key.get()))) {
        if (EVP_PKEY_set_ex_data(key.get(), connection_index(), connection.get()) != 1) {
            throw_openssl("cannot hold private key: " + exact);
        }
        the_engine().connections.push_back(std::move(connection));
    }
    put_fitting_first(certificates, key.get());
    return {PrivateKey(key.get()), std::move(certificates), std::move(others)};
}

Certificate load_token_certificate(std::string_view text, const TokenAccess& access) {
    const Pkcs11Uri uri = parse_pkcs11_uri(text);
    return Pkcs11Token(uri, module_of(uri, access)).find_certificate(uri);
}

}  // namespace evidence
