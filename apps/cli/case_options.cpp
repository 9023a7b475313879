#include "cli/case_options.h"

#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>

#include "base/error.h"
#include "base/folder.h"
#include "base/printable.h"
#include "cli/environment.h"
#include "signature/pkcs11_uri.h"

namespace evidence::cli {
namespace {

constexpr std::size_t max_passphrase_bytes = 1024;

std::string first_line(std::string text) { return text.substr(0, text.find_first_of("\r\n")); }

// "fd:3" reads a descriptor that the caller opened; anything else is a file.
std::string read_passphrase_file(const std::string& source) {
    if (source.starts_with("fd:")) {
        int fd = -1;
        const auto [end, error] =
            std::from_chars(source.data() + 3, source.data() + source.size(), fd);
        if (error != std::errc() || end != source.data() + source.size()) {
            throw Error(ErrorKind::usage,
                        "not a file descriptor: " + source + " (expected fd:NUMBER)");
        }
        File file = File::adopt(fd, source);
        std::string text(max_passphrase_bytes, '\0');
        text.resize(file.read_some({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
        return first_line(text);
    }
    return first_line(read_small_file(source, max_passphrase_bytes));
}

// Asks on the terminal itself, with echo off, so that it works inside pipelines.
std::optional<std::string> ask_passphrase(std::string_view file) {
    const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return std::nullopt;
    File terminal = File::adopt(fd, "/dev/tty");
    const std::string_view secret = is_pkcs11_uri(file) ? "PIN" : "passphrase";
    terminal.write(as_bytes(std::string(secret) + " for " + printable(file) + ": "));
    struct termios before {};
    ::tcgetattr(fd, &before);
    struct termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd, TCSAFLUSH, &silent);
    // A signal that comes just before read() would not end it: wait, and look.
    while (!wait_readable(fd) && !stop_is_requested()) continue;
    char line[max_passphrase_bytes];
    const ssize_t count = stop_is_requested() ? 0 : ::read(fd, line, sizeof line);
    ::tcsetattr(fd, TCSAFLUSH, &before);
    terminal.write(as_bytes("\n"));
    if (stop_is_requested()) throw Error(ErrorKind::interrupted, "interrupted");
    if (count <= 0) return std::nullopt;
    return first_line(std::string(line, static_cast<std::size_t>(count)));
}

std::string option_or_environment(const std::string& option, const char* name) {
    return option.empty() ? environment_variable(name) : option;
}

struct SignerOption {
    const char* name;
    std::string SignerOptions::*member;
    const char* help;
};
constexpr SignerOption signer_options[] = {
    {"--key", &SignerOptions::key,
     "Signer's private key: PEM, PKCS#12 or a pkcs11: URI (EVIDENCE_KEY)"},
    {"--cert", &SignerOptions::certificate,
     "Signer's certificate, a file or a pkcs11: URI (EVIDENCE_CERT)"},
    {"--chain", &SignerOptions::chain, "Intermediate certificates (EVIDENCE_CHAIN)"},
    {"--key-password", &SignerOptions::key_password_file,
     "File with the passphrase of the key or PIN of the card, or fd:N"},
};

// In the order of the command line: what stands behind a --key belongs to it.
void take(ActorOptions& options, const SignerOption& option, const std::string& value) {
    SignerOptions* last = options.cosigners.empty() ? &options : &options.cosigners.back();
    if (option.member == &SignerOptions::key && !last->key.empty()) {
        last = &options.cosigners.emplace_back();
    }
    std::string& slot = last->*option.member;
    if (!slot.empty()) {
        throw CLI::ValidationError(option.name,
                                   "given twice for one --key (expected it behind "
                                   "the --key it belongs to)");
    }
    slot = value;
}

}  // namespace

void add_case_options(CLI::App& app, CaseOptions& options) {
    app.add_option("--case", options.case_folder,
                   "Case folder (default: EVIDENCE_CASE, else the nearest one above)")
        ->type_name("DIR");
}

std::optional<fs::path> find_case(const CaseOptions& options) {
    const std::string named = option_or_environment(options.case_folder, "EVIDENCE_CASE");
    if (!named.empty()) return fs::path(named);
    std::error_code failed;  // the folder we are in was removed: nothing is above it
    return CaseFolder::find_above(fs::current_path(failed));
}

CaseFolder open_case(const CaseOptions& options) {
    const std::optional<fs::path> folder = find_case(options);
    if (!folder || !path_exists(*folder / "custody.db")) {
        throw Error(ErrorKind::usage,
                    folder ? "no case: " + folder->native() + " (expected a folder with custody.db)"
                           : "no case here (expected --case DIR or EVIDENCE_CASE)",
                    "make one with evidence-custody init DIR --case-number N --title T");
    }
    return CaseFolder::open(*folder);
}

void add_actor_options(CLI::App& app, ActorOptions& options, Signers signers) {
    for (const SignerOption& one : signer_options) {
        CLI::Option* option =
            signers == Signers::one
                ? app.add_option(one.name, options.*one.member, one.help)
                : app.add_option_function<std::string>(
                         one.name,
                         [&options, one](const std::string& value) { take(options, one, value); },
                         one.help)
                      ->trigger_on_parse();
        option->type_name("FILE");
    }
    app.add_option("--officer", options.officer, "Who acts (default: the certificate's name)")
        ->type_name("NAME");
    app.add_option("--role", options.role, "In what role")->type_name("TEXT");
    app.add_option("--place", options.place, "Where")->type_name("TEXT");
    app.add_option("--authority", options.authority, "Legal authority relied on")
        ->type_name("TEXT");
    app.add_option("--reason", options.reason, "Why")->type_name("TEXT");
}

std::optional<SigningIdentity> load_identity(const ActorOptions& options) {
    const IdentityFiles files{option_or_environment(options.key, "EVIDENCE_KEY"),
                              option_or_environment(options.certificate, "EVIDENCE_CERT"),
                              option_or_environment(options.chain, "EVIDENCE_CHAIN"),
                              token_access()};
    if (files.key.empty()) {
        if (files.certificate.empty()) return std::nullopt;
        throw Error(ErrorKind::usage, "certificate without a key: " + files.certificate.native() +
                                          " (expected --key as well)");
    }
    return load_identity(files, passphrase_source(options.key_password_file));
}

TokenAccess token_access() {
    const std::string ours = environment_variable("EVIDENCE_PKCS11_MODULE");
    return {ours.empty() ? environment_variable("PKCS11_MODULE_PATH") : ours,
            environment_variable("OPENSSL_ENGINES")};
}

std::vector<SigningIdentity> load_cosigners(const ActorOptions& options) {
    std::vector<SigningIdentity> cosigners;
    for (const SignerOptions& one : options.cosigners) {
        cosigners.push_back(
            evidence::load_identity({one.key, one.certificate, one.chain, token_access()},
                                    passphrase_source(one.key_password_file)));
    }
    return cosigners;
}

PassphraseSource passphrase_source(const std::string& password_file) {
    return [password_file](std::string_view file) -> std::optional<std::string> {
        if (!password_file.empty()) return read_passphrase_file(password_file);
        return ask_passphrase(file);
    };
}

EventAuthor author_of(const ActorOptions& options, const SigningIdentity* identity,
                      const CaseDetails& details) {
    EventAuthor author;
    author.identity = identity;
    author.actor.name = options.officer;
    author.actor.role = options.role;
    author.actor.organization = details.authority;
    if (identity) {
        if (author.actor.name.empty()) author.actor.name = identity->certificate.common_name();
        const std::string organization = identity->certificate.organization();
        if (!organization.empty()) author.actor.organization = organization;
    }
    if (author.actor.name.empty()) author.actor.name = details.officer;
    return author;
}

EventDraft draft_of(const ActorOptions& options, std::string type) {
    EventDraft draft;
    draft.type = std::move(type);
    draft.place = options.place;
    draft.authority = options.authority;
    draft.reason = options.reason;
    return draft;
}

}  // namespace evidence::cli
