// Options about the case and who acts, the same words in every tool that writes an event: --case,
// --key --cert --chain --key-password, --officer --role --place --authority --reason.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/tool.h"
#include "custody/case_folder.h"

namespace evidence::cli {

struct CaseOptions {
    std::string case_folder;  // or EVIDENCE_CASE, else the nearest parent with a custody.db
};
void add_case_options(CLI::App& app, CaseOptions& options);
// Error(usage) with the `evidence-custody init` hint when there is no case.
CaseFolder open_case(const CaseOptions& options);
std::optional<fs::path> find_case(const CaseOptions& options);

struct SignerOptions {
    std::string key, certificate, chain;
    std::string key_password_file;  // passphrase or PIN from a file; "fd:3" from a descriptor
};
struct ActorOptions : SignerOptions {      // or EVIDENCE_KEY, EVIDENCE_CERT, EVIDENCE_CHAIN
    std::vector<SignerOptions> cosigners;  // with Signers::several
    std::string officer, role, place, authority, reason;
};
// With several, each further --key begins another signer, whose --cert, --chain and --key-password
// follow it.
enum class Signers { one, several };
void add_actor_options(CLI::App& app, ActorOptions& options, Signers signers = Signers::one);

// The signer the options name; nullopt when no key was given. Error(usage) for a certificate
// without a key. Passphrases come from a file, a descriptor or the terminal, never an argument.
std::optional<SigningIdentity> load_identity(const ActorOptions& options);

// Those behind the first --key, which the environment says nothing about.
std::vector<SigningIdentity> load_cosigners(const ActorOptions& options);

// How keys on tokens are reached: EVIDENCE_PKCS11_MODULE, else libp11's PKCS11_MODULE_PATH;
// OPENSSL_ENGINES.
TokenAccess token_access();

// Reads the passphrase or PIN from `password_file` ("fd:3" from a descriptor), else asks on the
// terminal.
PassphraseSource passphrase_source(const std::string& password_file);

// Name: --officer, else the certificate's, else the case's officer. `identity` may be null.
EventAuthor author_of(const ActorOptions& options, const SigningIdentity* identity,
                      const CaseDetails& details);
// Place, reason and authority of the options in a draft.
EventDraft draft_of(const ActorOptions& options, std::string type);

}  // namespace evidence::cli
