#include "seal_renew_event.h"

#include "base/error.h"
#include "digest/digest.h"
#include "digest/file_digest.h"
#include "package/documents.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/zip_reader.h"

namespace evidence::cli {
namespace {

std::string entry_of(const File& package, std::string_view name, std::size_t max_bytes) {
    Findings findings;
    const ZipStructure zip = read_zip_structure(package, findings);
    const ZipEntry* entry = zip.find(name);
    if (entry) return read_entry(package, *entry, max_bytes);
    throw Error(ErrorKind::malformed,
                "not a package: " + package.name() + " (expected " + std::string(name) + " in it)");
}

}  // namespace

RenewEvent::RenewEvent(const fs::path& package, const CaseOptions& in_case,
                       const ActorOptions& actor, const Context& context)
    : package_(package),
      context_(context),
      case_folder_(open_case(in_case)),
      identity_(load_identity(actor)),
      author_(author_of(actor, identity_ ? &*identity_ : nullptr, case_folder_.details())),
      draft_(draft_of(actor, "renew")) {
    check_draft(draft_, author_, context_.clock.now());
    const PackageDocument document = parse_package_document(
        entry_of(File::open_read(package), "package.json", json_max_document_bytes),
        "package.json");
    if (document.ledger_id != case_folder_.ledger().id()) {
        throw Error(ErrorKind::refused, "not a package of this case: " + package.native());
    }
    package_id_ = document.id;
}

std::unique_ptr<RenewEvent> RenewEvent::prepare(const fs::path& package, const CaseOptions& in_case,
                                                const ActorOptions& actor, const Context& context) {
    if (in_case.case_folder.empty()) return nullptr;
    return std::unique_ptr<RenewEvent>(new RenewEvent(package, in_case, actor, context));
}

void RenewEvent::record() try {
    const File file = File::open_read(package_);
    draft_.detail = Json::object(
        {{"file_sha256", sha256_of_file(file, context_)},
         {"manifest_sha256", sha256_hex(entry_of(file, manifest_001, manifest_max_bytes))},
         {"package", package_id_}});
    case_folder_.ledger().append(draft_, author_, context_);
} catch (const Error& error) {
    throw Error(error.kind(),
                "the time-stamps are attached, but that is not recorded: " + error.message(),
                error.hint());
}

}  // namespace evidence::cli
