// Envelopes under a shared secret, written and read here rather than through OpenSSL's CMS: that
// holds a message of 16 MiB almost four times, and the shape is one that fits on a page.
//
//   ContentInfo { authEnvelopedData, [0] AuthEnvelopedData {
//       0, { [2] { 4, { key id }, { aes256-wrap }, wrapped key } },
//       { data, { aes256-GCM, { nonce, 16 } }, [0] ciphertext }, tag } }
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>

#include "base/error.h"
#include "signature/der.h"
#include "signature/envelope.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

using namespace std::string_view_literals;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, OpenSslDeleter<EVP_CIPHER_CTX_free>>;

constexpr auto id_auth_enveloped_data = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"sv;
constexpr auto id_data = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"sv;
constexpr auto id_aes256_wrap = "\x60\x86\x48\x01\x65\x03\x04\x01\x2D"sv;
constexpr auto id_aes256_gcm = "\x60\x86\x48\x01\x65\x03\x04\x01\x2E"sv;

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t wrapped_bytes = 40;  // RFC 3394: 8 more than the key

constexpr std::uint8_t message_version = 0;    // RFC 5083 section 2.1
constexpr std::uint8_t recipient_version = 4;  // RFC 5652 section 6.2.3

// The key of one message, wiped when it goes.
struct ContentKey {
    std::array<std::uint8_t, 32> bytes{};
    ContentKey() = default;
    ContentKey(const ContentKey&) = delete;
    ContentKey& operator=(const ContentKey&) = delete;
    ~ContentKey() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

void require(bool done, const char* what) {
    if (!done) throw_openssl(std::string("cannot encrypt: ") + what);
}

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_header(Bytes& out, std::uint8_t tag, std::size_t length) {
    out.push_back(tag);
    if (length < 0x80) {
        out.push_back(static_cast<std::uint8_t>(length));
        return;
    }
    Bytes digits;
    for (; length > 0; length >>= 8) digits.push_back(static_cast<std::uint8_t>(length));
    out.push_back(static_cast<std::uint8_t>(0x80 + digits.size()));
    out.insert(out.end(), digits.rbegin(), digits.rend());
}

Bytes element(std::uint8_t tag, ByteView content) {
    Bytes out;
    append_header(out, tag, content.size());
    append(out, content);
    return out;
}

Bytes element(std::uint8_t tag, std::initializer_list<Bytes> parts) {
    Bytes content;
    for (const Bytes& part : parts) append(content, part);
    return element(tag, content);
}

Bytes small_integer(std::uint8_t value) { return {der::integer, 1, value}; }

Bytes object(std::string_view id) { return element(der::object_id, as_bytes(id)); }

Bytes recipient_info(const EnvelopeKeyId& key_id, ByteView wrapped_key) {
    return element(der::context(2), {small_integer(recipient_version),
                                     element(der::sequence, {element(der::octet_string, key_id)}),
                                     element(der::sequence, {object(id_aes256_wrap)}),
                                     element(der::octet_string, wrapped_key)});
}

Bytes content_algorithm(ByteView nonce) {
    return element(
        der::sequence,
        {object(id_aes256_gcm),
         element(der::sequence, {element(der::octet_string, nonce), small_integer(tag_bytes)})});
}

// Everything before the ciphertext, whose size decides the lengths around it.
Bytes message_head(const EnvelopeKeyId& key_id, ByteView wrapped_key, ByteView nonce,
                   std::size_t plain_bytes) {
    const Bytes recipients = element(der::set, {recipient_info(key_id, wrapped_key)});
    Bytes content = object(id_data);
    append(content, content_algorithm(nonce));
    append_header(content, der::context_primitive(0), plain_bytes);

    Bytes body = small_integer(message_version);
    append(body, recipients);
    append_header(body, der::sequence, content.size() + plain_bytes);
    append(body, content);

    Bytes tagged;
    append_header(tagged, der::sequence, body.size() + plain_bytes + 2 + tag_bytes);
    append(tagged, body);
    Bytes message = object(id_auth_enveloped_data);
    append_header(message, der::context(0), tagged.size() + plain_bytes + 2 + tag_bytes);
    append(message, tagged);
    Bytes head;
    append_header(head, der::sequence, message.size() + plain_bytes + 2 + tag_bytes);
    append(head, message);
    return head;
}

std::array<std::uint8_t, wrapped_bytes> wrap(const ContentKey& key, const EnvelopeSecret& secret) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    std::array<std::uint8_t, wrapped_bytes> wrapped{};
    int size = 0;
    require(context != nullptr, "key wrap");
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_wrap(), nullptr, secret.data(),
                               nullptr) == 1 &&
                EVP_EncryptUpdate(context.get(), wrapped.data(), &size, key.bytes.data(),
                                  static_cast<int>(key.bytes.size())) == 1 &&
                size == static_cast<int>(wrapped_bytes),
            "key wrap");
    return wrapped;
}

bool unwrap(ByteView wrapped, const EnvelopeSecret& secret, ContentKey& key) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    require(context != nullptr, "key wrap");
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    std::array<std::uint8_t, wrapped_bytes> plain{};
    int size = 0;
    const bool opened = EVP_DecryptInit_ex(context.get(), EVP_aes_256_wrap(), nullptr,
                                           secret.data(), nullptr) == 1 &&
                        EVP_DecryptUpdate(context.get(), plain.data(), &size, wrapped.data(),
                                          static_cast<int>(wrapped.size())) == 1 &&
                        size == static_cast<int>(key.bytes.size());
    if (opened) std::copy_n(plain.begin(), key.bytes.size(), key.bytes.begin());
    OPENSSL_cleanse(plain.data(), plain.size());
    ERR_clear_error();
    return opened;
}

// What was read of a message; views of its bytes.
struct SecretEnvelope {
    ByteView key_id, wrapped_key, nonce, ciphertext, tag;
};

void expect_object(DerReader& reader, std::string_view id, const char* what) {
    if (as_text(reader.expect(der::object_id, what).content) != id) {
        throw Error(ErrorKind::malformed, std::string("another kind of ") + what);
    }
}

void expect_number(DerReader& reader, std::uint8_t value, const char* what) {
    const ByteView content = reader.expect(der::integer, what).content;
    if (content.size() != 1 || content[0] != value) {
        throw Error(ErrorKind::malformed, std::string("another ") + what);
    }
}

ByteView expect_octets(DerReader& reader, std::size_t size, const char* what) {
    const ByteView content = reader.expect(der::octet_string, what).content;
    if (content.size() != size) {
        throw Error(ErrorKind::malformed, std::string("wrong length of the ") + what);
    }
    return content;
}

// The one element of that tag inside `outer`.
DerElement only(const DerElement& outer, std::uint8_t tag, const char* what) {
    DerReader reader(outer.content);
    const DerElement inner = reader.expect(tag, what);
    reader.expect_end(what);
    return inner;
}

void read_recipient(const DerElement& recipients, SecretEnvelope& envelope) {
    DerReader reader(only(recipients, der::context(2), "recipient").content);
    expect_number(reader, recipient_version, "recipient version");
    DerReader identifier(reader.expect(der::sequence, "key id").content);
    envelope.key_id = expect_octets(identifier, std::tuple_size_v<EnvelopeKeyId>, "key id");
    identifier.expect_end("key id");
    DerReader algorithm(reader.expect(der::sequence, "key wrap").content);
    expect_object(algorithm, id_aes256_wrap, "key wrap");
    algorithm.expect_end("key wrap");
    envelope.wrapped_key = expect_octets(reader, wrapped_bytes, "wrapped key");
    reader.expect_end("recipient");
}

void read_content(const DerElement& content, SecretEnvelope& envelope) {
    DerReader reader(content.content);
    expect_object(reader, id_data, "content");
    DerReader algorithm(reader.expect(der::sequence, "cipher").content);
    expect_object(algorithm, id_aes256_gcm, "cipher");
    DerReader parameters(algorithm.expect(der::sequence, "cipher parameters").content);
    algorithm.expect_end("cipher");
    envelope.nonce = expect_octets(parameters, nonce_bytes, "nonce");
    expect_number(parameters, tag_bytes, "tag length");
    parameters.expect_end("cipher parameters");
    envelope.ciphertext = reader.expect(der::context_primitive(0), "ciphertext").content;
    reader.expect_end("content");
}

SecretEnvelope read_envelope(ByteView der_bytes) {
    require_der(der_bytes);
    DerReader outer(der_bytes);
    DerReader message(outer.expect(der::sequence, "message").content);
    expect_object(message, id_auth_enveloped_data, "message");
    const DerElement tagged = message.expect(der::context(0), "message");
    message.expect_end("message");
    DerReader reader(only(tagged, der::sequence, "message").content);
    SecretEnvelope envelope;
    expect_number(reader, message_version, "version");
    read_recipient(reader.expect(der::set, "recipients"), envelope);
    read_content(reader.expect(der::sequence, "content"), envelope);
    envelope.tag = expect_octets(reader, tag_bytes, "tag");
    reader.expect_end("message");
    return envelope;
}

}  // namespace

Bytes encrypt_with_secret(ByteView plain, const EnvelopeSecret& secret,
                          const EnvelopeKeyId& key_id) {
    if (plain.size() > envelope_max_plain_bytes) {
        throw Error(ErrorKind::usage, "too much for one envelope (expected at most 256 MiB)");
    }
    ContentKey key;
    std::array<std::uint8_t, nonce_bytes> nonce{};
    require(RAND_priv_bytes(key.bytes.data(), static_cast<int>(key.bytes.size())) == 1 &&
                RAND_bytes(nonce.data(), static_cast<int>(nonce.size())) == 1,
            "random key");
    const Bytes head = message_head(key_id, wrap(key, secret), nonce, plain.size());
    Bytes message;
    message.reserve(head.size() + plain.size() + 2 + tag_bytes);
    append(message, head);
    message.resize(head.size() + plain.size());

    const CipherContext context(EVP_CIPHER_CTX_new());
    std::array<std::uint8_t, tag_bytes> tag{};
    int size = 0, rest = 0;
    require(
        context &&
            EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                               nonce.data()) == 1 &&
            EVP_EncryptUpdate(context.get(), message.data() + head.size(), &size, plain.data(),
                              static_cast<int>(plain.size())) == 1 &&
            EVP_EncryptFinal_ex(context.get(), tag.data(), &rest) == 1 && rest == 0 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1,
        "content");
    append_header(message, der::octet_string, tag_bytes);
    append(message, tag);
    return message;
}

Bytes decrypt_with_secret(ByteView der, const EnvelopeSecret& secret, const EnvelopeKeyId& key_id,
                          std::string_view where) {
    SecretEnvelope envelope;
    try {
        if (der.size() > envelope_max_plain_bytes + envelope_overhead_bytes(1)) {
            throw Error(ErrorKind::malformed, "larger than 256 MiB");
        }
        envelope = read_envelope(der);
    } catch (const Error& error) {
        throw Error(error.kind(),
                    "not an encrypted part: " + std::string(where) + " (" + error.message() + ")");
    }
    if (as_text(envelope.key_id) != as_text(key_id)) {
        throw Error(ErrorKind::crypto, "encrypted under another key: " + std::string(where) +
                                           " (expected one of this transfer)");
    }
    ContentKey key;
    Bytes plain(envelope.ciphertext.size());
    Bytes tag(envelope.tag.begin(), envelope.tag.end());
    const CipherContext context(EVP_CIPHER_CTX_new());
    require(context != nullptr, "content");
    int size = 0, rest = 0;
    std::array<std::uint8_t, tag_bytes> nothing{};
    const bool opened =
        unwrap(envelope.wrapped_key, secret, key) &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                           envelope.nonce.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), plain.data(), &size, envelope.ciphertext.data(),
                          static_cast<int>(envelope.ciphertext.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), nothing.data(), &rest) == 1;
    ERR_clear_error();
    if (!opened) {
        throw Error(ErrorKind::refused,
                    "altered or encrypted under another secret: " + std::string(where));
    }
    return plain;
}

}  // namespace evidence
