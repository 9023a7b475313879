#include "signature/pkcs11_uri.h"

#include <charconv>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::string_view scheme = "pkcs11:";
constexpr std::size_t uri_max_bytes = 4096;

[[noreturn]] void refuse(std::string_view uri, const std::string& expected) {
    throw Error(
        ErrorKind::usage,
        "not a PKCS#11 URI: " + std::string(uri.substr(0, 200)) + " (expected " + expected + ")",
        "an example: pkcs11:token=Office;object=officer");
}

std::string decode(std::string_view value, std::string_view uri) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '%') {
            text += value[i];
            continue;
        }
        std::string digits(value.substr(i + 1, 2));
        for (char& digit : digits) {
            if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
        }
        const auto byte = from_hex(digits);
        if (!byte || byte->size() != 1) refuse(uri, "two hexadecimal digits behind each %");
        text += static_cast<char>(byte->front());
        i += 2;
    }
    return text;
}

std::uint64_t number(const std::string& text, std::string_view uri) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        refuse(uri, "a number behind slot-id=");
    }
    return value;
}

void require_no_secret(std::string_view uri) {
    if (uri.find("pin-value") != uri.npos) {
        throw Error(ErrorKind::usage,
                    "a PIN in a PKCS#11 URI is not accepted (every user of this computer can read "
                    "the command line)",
                    "leave pin-value out and type the PIN when asked, or give it with "
                    "--key-password FILE or fd:N");
    }
    if (uri.find("pin-source") != uri.npos) {
        throw Error(ErrorKind::usage, "pin-source in a PKCS#11 URI is not accepted",
                    "give the PIN with --key-password FILE or fd:N");
    }
}

void set_once(std::optional<std::string>& slot, std::string value, std::string_view uri) {
    if (slot) refuse(uri, "each attribute once");
    slot = std::move(value);
}

void take(Pkcs11Uri& result, std::string_view name, std::string value, std::string_view uri) {
    if (name == "token") return set_once(result.token, std::move(value), uri);
    if (name == "serial") return set_once(result.serial, std::move(value), uri);
    if (name == "manufacturer") return set_once(result.manufacturer, std::move(value), uri);
    if (name == "model") return set_once(result.model, std::move(value), uri);
    if (name == "object") return set_once(result.object, std::move(value), uri);
    if (name == "id") return set_once(result.id, std::move(value), uri);
    if (name == "slot-id") {
        if (result.slot_id) refuse(uri, "each attribute once");
        result.slot_id = number(value, uri);
    } else if (name == "type") {
        // Which of the two is meant follows from the option it stands behind.
        if (value != "private" && value != "cert") refuse(uri, "type=private or type=cert");
    } else {
        refuse(uri,
               "token, serial, manufacturer, model, slot-id, object, id, type, module-path; "
               "not " +
                   std::string(name));
    }
}

}  // namespace

bool is_pkcs11_uri(std::string_view text) { return text.starts_with(scheme); }

Pkcs11Uri parse_pkcs11_uri(std::string_view text) {
    const std::string_view all = text;
    // Before anything may quote the URI.
    require_no_secret(text);
    if (!is_pkcs11_uri(text)) refuse(all, "pkcs11:");
    if (text.size() > uri_max_bytes) refuse(all, "at most 4096 bytes");
    Pkcs11Uri result;
    text.remove_prefix(scheme.size());
    bool in_query = false;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(in_query ? "&" : ";?");
        const std::string_view attribute = text.substr(0, end);
        const bool query_follows = end != text.npos && text[end] == '?';
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        const std::size_t equals = attribute.find('=');
        if (!attribute.empty()) {
            if (equals == attribute.npos) refuse(all, "name=value");
            std::string value = decode(attribute.substr(equals + 1), all);
            if (!in_query) {
                take(result, attribute.substr(0, equals), std::move(value), all);
            } else if (attribute.substr(0, equals) == "module-path" && result.module_path.empty()) {
                result.module_path = std::move(value);
            } else {
                refuse(all, "nothing but one module-path= behind the ?");
            }
        }
        in_query = in_query || query_follows;
    }
    return result;
}

std::string pkcs11_attribute(std::string_view name, std::string_view value) {
    std::string text = std::string(name) + "=";
    for (const char c : value) {
        const bool is_plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_plain && name != "id") {
            text += c;
        } else {
            const auto byte = static_cast<std::uint8_t>(c);
            text += "%" + to_hex(ByteView(&byte, 1));
        }
    }
    return text;
}

}  // namespace evidence
