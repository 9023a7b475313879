// The verification of a package as an event of a case (evidence-verify --case).
#pragma once

#include <memory>

#include "base/context.h"
#include "base/file.h"
#include "cli/case_options.h"
#include "custody/case_folder.h"
#include "verification/verify_package.h"

namespace evidence::cli {

// Whatever could prevent the event is found when this is made, before hours of work: a verdict
// must not be lost to a wrong key.
class RecordedVerification {
public:
    // The package must stay open.
    RecordedVerification(const File& package, const CaseOptions& where, const ActorOptions& actor,
                         const Context& context);
    ~RecordedVerification();
    RecordedVerification(const RecordedVerification&) = delete;
    RecordedVerification& operator=(const RecordedVerification&) = delete;

    // verify_ok or verify_failed, with the digest of the bytes that were verified. Error(io) when
    // somebody wrote to the package meanwhile; errors say that the verdict is not recorded.
    void record(const VerificationReport& report);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence::cli
