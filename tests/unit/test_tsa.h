// A time-stamping authority made of the openssl command and the throw-away certificates of
// tests/pki, and what somebody without its key would make instead.
#pragma once

#include <doctest/doctest.h>

#include <map>

#include "base/atomic_file.h"
#include "signature/timestamp_query.h"
#include "signature/timestamp_reply.h"
#include "test_pki.h"

namespace evidence::test {

class TestTsa {
public:
    TestTsa() {
        const std::string config =
            "serial = serial\ncrypto_device = builtin\nsigner_digest = sha256\n"
            "default_policy = 1.2.3.4.1\nother_policies = 1.2.3.4.5\n"
            "digests = sha1, sha256, sha384, sha512\naccuracy = secs:1, millisecs:500\n"
            "ordering = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
        write("tsa.cnf",
              "[tsa]\ntsa_name = yes\n" + config + "[nameless]\ntsa_name = no\n" + config);
        write("serial", "01\n");
    }

    // What the authority answers; it may be another one of tests/pki.
    Bytes reply(ByteView query, const std::string& authority = "tsa",
                const std::string& options = "", const std::string& section = "tsa") const {
        write("query", as_text(query));
        run("openssl ts -reply -config tsa.cnf -section " + section +
            " -queryfile query -out out -signer " + pki(authority + ".pem") + " -inkey " +
            pki(authority + ".key") + " -chain " + pki("intermediate.pem") + " " + options);
        return read("out");
    }
    Bytes token(ByteView content, Algorithm algorithm = Algorithm::sha256,
                const std::string& section = "tsa") const {
        const TimestampQuery query =
            make_timestamp_query(content, algorithm, "", context_.context.random);
        return take_timestamp_token(reply(encode_timestamp_query(query), "tsa", "", section), query,
                                    "the test");
    }
    // The same, as if the clock of an authority were at `at` (whole seconds count).
    Bytes token_at(ByteView content, UtcTime at, const std::string& authority = "tsa",
                   Algorithm algorithm = Algorithm::sha256) const {
        const Bytes now = token(content, algorithm, "nameless");
        write("token", as_text(now));
        run("openssl cms -verify -noverify -inform DER -in token -binary -out info");
        std::string info = read_small_file(folder_ / "info", mib);
        // GeneralizedTime of 15 bytes, in this century; its two first bytes alone may be anywhere.
        const std::size_t place = info.find("\x18\x0F\x32\x30");
        REQUIRE(place != std::string::npos);
        std::string digits = format_utc(at).substr(0, 19);
        std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
        info.replace(place + 2, digits.size(), digits);
        write("info", info);
        return sign_info(authority, "-cades -md sha256 -nosmimecap", token_content);
    }
    // The content of a token, signed again by somebody with the options of openssl cms.
    Bytes signed_again(ByteView token, const std::string& signer,
                       const std::string& options = "-cades -md sha256 -nosmimecap",
                       const std::string& type = token_content) const {
        write("token", as_text(token));
        run("openssl cms -verify -noverify -inform DER -in token -binary -out info");
        return sign_info(signer, options, type);
    }

private:
    static constexpr const char* token_content = "1.2.840.113549.1.9.16.1.4";

    Bytes sign_info(const std::string& signer, const std::string& options,
                    const std::string& type) const {
        run("openssl cms -sign -binary -nodetach -outform DER -in info -out out -econtent_type " +
            type + " -signer " + pki(signer + ".pem") + " -inkey " + pki(signer + ".key") +
            " -certfile " + pki("intermediate.pem") + " " + options);
        return read("out");
    }
    static std::string pki(const std::string& name) { return test_pki().path(name).native(); }
    void write(const std::string& name, std::string_view content) const {
        fs::remove(folder_ / name);
        write_new_file(folder_ / name, as_bytes(content));
    }
    Bytes read(const std::string& name) const {
        const std::string bytes = read_small_file(folder_ / name, 2 * mib);
        return {bytes.begin(), bytes.end()};
    }
    void run(const std::string& command) const {
        INFO(command);
        REQUIRE(shell("cd " + folder_.path().native() + " && " + command) == 0);
    }

    TemporaryFolder folder_;
    mutable TestContext context_;
};

}  // namespace evidence::test
