#include "verify_recorded.h"

#include <sys/stat.h>

#include "base/error.h"
#include "custody/event_writer.h"
#include "digest/file_digest.h"

namespace evidence::cli {
namespace {

// A file as it stood at one moment: changed when any write came after it.
struct FileState {
    explicit FileState(const File& file) {
        if (::fstat(file.fd(), &status) != 0) throw_errno("cannot examine", file.name());
    }
    bool operator==(const FileState& other) const {
        return status.st_size == other.status.st_size &&
               status.st_mtim.tv_sec == other.status.st_mtim.tv_sec &&
               status.st_mtim.tv_nsec == other.status.st_mtim.tv_nsec;
    }
    struct stat status {};
};

}  // namespace

struct RecordedVerification::State {
    State(const File& verified, const CaseOptions& where, const ActorOptions& actor,
          const Context& surroundings)
        : context(surroundings),
          package(verified),
          state(package),
          case_folder(open_case(where)),
          identity(load_identity(actor)),
          author(author_of(actor, identity ? &*identity : nullptr, case_folder.details())),
          draft(draft_of(actor, "verify_ok")) {
        check_draft(draft, author, context.clock.now());
    }

    const Context& context;
    const File& package;
    const FileState state;
    CaseFolder case_folder;
    const std::optional<SigningIdentity> identity;
    const EventAuthor author;
    EventDraft draft;
};

RecordedVerification::RecordedVerification(const File& package, const CaseOptions& where,
                                           const ActorOptions& actor, const Context& context)
    : state_(std::make_unique<State>(package, where, actor, context)) {}

RecordedVerification::~RecordedVerification() = default;

void RecordedVerification::record(const VerificationReport& report) try {
    const std::string sha256 = sha256_of_file(state_->package, state_->context);
    if (FileState(state_->package) != state_->state) {
        throw Error(ErrorKind::io,
                    "package changed while it was verified: " + state_->package.name() +
                        " (expected nobody to write to it)");
    }
    if (report.verdict() == Verdict::total_failed) state_->draft.type = "verify_failed";
    state_->draft.detail = Json::object({{"manifest_sha256", report.manifest_sha256},
                                         {"target_sha256", sha256},
                                         {"verdict", name_of(report.verdict())}});
    state_->case_folder.ledger().append(state_->draft, state_->author, state_->context);
} catch (const Error& error) {
    throw Error(error.kind(),
                "the verdict, " + std::string(name_of(report.verdict())) +
                    ", is not recorded: " + error.message(),
                error.hint());
}

}  // namespace evidence::cli
