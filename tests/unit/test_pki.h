// The throw-away certificates of tests/pki/make_pki.sh, made once per test executable, and the
// openssl command to check our work against.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <stdexcept>
#include <string>

#include "base/file.h"
#include "signature/identity.h"
#include "test_context.h"

namespace evidence::test {

// Exit status of a command line run by the shell; its output is dropped.
inline int shell(const std::string& command) {
    const int status = ::system(("{ " + command + "\n} >/dev/null 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class TestPki {
public:
    TestPki() {
        const std::string script = EVIDENCE_TESTS_DIR "/pki/make_pki.sh";
        if (shell("'" + script + "' '" + folder_.path().native() + "'") != 0) {
            throw std::runtime_error("tests/pki/make_pki.sh failed");
        }
    }

    fs::path path(const std::string& name) const { return folder_ / name; }
    std::string text(const std::string& name) const {
        return read_small_file(path(name), 1024 * 1024);
    }
    Certificate certificate(const std::string& name) const {
        return load_certificates(path(name + ".pem")).front();
    }
    // Key, certificate and chain of a leaf of the table in make_pki.sh.
    SigningIdentity identity(const std::string& name) const {
        const bool below_ca = name != "self-signed" && name != "untrusted";
        return load_identity(
            {path(name + ".key"), path(name + ".pem"), below_ca ? path("chain.pem") : fs::path()},
            {});
    }

private:
    TemporaryFolder folder_;
};

inline const TestPki& test_pki() {
    static const TestPki pki;
    return pki;
}

}  // namespace evidence::test
