#include "cli/case_options.h"

#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>

#include "base/error.h"
#include "base/folder.h"
#include "cli/environment.h"

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
    terminal.write(as_bytes("passphrase for " + std::string(file) + ": "));
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

void add_actor_options(CLI::App& app, ActorOptions& options) {
    app.add_option("--key", options.key, "Signer's private key: PEM or PKCS#12 (EVIDENCE_KEY)")
        ->type_name("FILE");
    app.add_option("--cert", options.certificate, "Signer's certificate (EVIDENCE_CERT)")
        ->type_name("FILE");
    app.add_option("--chain", options.chain, "Intermediate certificates (EVIDENCE_CHAIN)")
        ->type_name("FILE");
    app.add_option("--key-password", options.key_password_file,
                   "File with the passphrase of the key, or fd:N")
        ->type_name("FILE");
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
                              option_or_environment(options.chain, "EVIDENCE_CHAIN")};
    if (files.key.empty()) {
        if (files.certificate.empty()) return std::nullopt;
        throw Error(ErrorKind::usage, "certificate without a key: " + files.certificate.native() +
                                          " (expected --key as well)");
    }
    return load_identity(files, passphrase_source(options.key_password_file));
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
