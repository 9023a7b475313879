// evidence-custody init and identity.
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "cli/json_stream.h"
#include "custody_commands.h"

namespace evidence::cli {

CLI::App* add_init(CLI::App& app, InitOptions& options) {
    CLI::App* command = app.add_subcommand("init", "Open a case in a new folder");
    command->add_option("folder", options.folder, "Folder of the case: new, or empty")
        ->type_name("DIR")
        ->required();
    command->add_option("--case-number", options.case_number, "Number of the case")
        ->type_name("TEXT")
        ->required();
    command->add_option("--title", options.title, "Title of the case")
        ->type_name("TEXT")
        ->required();
    command->add_option("--country", options.country, "Country: two letters of ISO 3166-1")
        ->type_name("CC");
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_init(const InitOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    const std::optional<SigningIdentity> identity = load_identity(options.actor);
    const SigningIdentity* signer = identity ? &*identity : nullptr;
    CaseDetails details{options.case_number, options.title, options.actor.officer,
                        options.actor.authority, options.country};
    if (details.officer.empty() && signer) details.officer = signer->certificate.common_name();
    const CaseFolder folder =
        CaseFolder::create(options.folder, details, author_of(options.actor, signer, details),
                           draft_of(options.actor, "open"), environment.context());
    std::vector<LedgerLine> lines;
    folder.ledger().visit(0, 1, [&](const LedgerLine& line) { lines.push_back(line); });
    if (!common.quiet) {
        say("{}: case {} is open in {}, ledger {}\n", custody_tool, printable(details.number),
            printable(options.folder), folder.ledger().id());
    }
    print_written(folder, lines, common);
    return ExitCode::done;
}

CLI::App* add_identity(CLI::App& app, IdentityOptions& options) {
    CLI::App* command =
        app.add_subcommand("identity", "Make an EC P-256 key with a self-signed certificate");
    command->add_option("--name", options.name, "Name of the person or unit")
        ->type_name("CN")
        ->required();
    command->add_option("--organization", options.organization, "Organization")->type_name("TEXT");
    command->add_option("--country", options.country, "Country: two letters of ISO 3166-1")
        ->type_name("CC");
    command->add_option("--out-key", options.key_path, "New file for the private key (PEM)")
        ->type_name("FILE")
        ->required();
    command->add_option("--out-cert", options.certificate_path, "New file for the certificate")
        ->type_name("FILE")
        ->required();
    command
        ->add_option("--csr", options.request_path,
                     "New file for a request to a certification authority")
        ->type_name("FILE");
    return command;
}

ExitCode run_identity(const IdentityOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    require_plain_text(options.name, "--name");
    require_plain_text(options.organization, "--organization");
    // All names are claimed before the first file appears, so that nothing is half made.
    std::vector<std::pair<std::unique_ptr<AtomicFile>, std::string>> files;
    const NewIdentity identity =
        create_identity(options.name, options.organization, options.country, environment.context());
    files.emplace_back(std::make_unique<AtomicFile>(options.key_path), identity.key_pem);
    files.emplace_back(std::make_unique<AtomicFile>(options.certificate_path),
                       identity.certificate_pem);
    if (!options.request_path.empty()) {
        files.emplace_back(std::make_unique<AtomicFile>(options.request_path),
                           identity.request_pem);
    }
    for (auto& [file, text] : files) file->file().write(as_bytes(text));
    // Only the key is a secret; the rest is made to be handed out.
    for (auto file = files.begin() + 1; file != files.end(); ++file) {
        if (::fchmod(file->first->file().fd(), 0644) != 0) {
            throw_errno("cannot share", file->first->file().name());
        }
    }
    for (auto& [file, text] : files) file->commit();
    const std::string fingerprint =
        parse_pem_certificates(identity.certificate_pem, "new certificate").at(0).fingerprint();
    if (common.json) {
        const Json document =
            Json::object({{"certificate_sha256", fingerprint}, {"format", "evidence-identity/1"}});
        print_document(document);
    } else {
        fmt::print("{}\n", fingerprint);
    }
    return ExitCode::done;
}

}  // namespace evidence::cli
