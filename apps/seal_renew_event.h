// The `renew` event: a finished package got time-stamps, and so other bytes.
#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "cli/case_options.h"
#include "custody/event_writer.h"

namespace evidence::cli {

class RenewEvent {
public:
    // Finds whatever could prevent the event before the package changes: a wrong key, a package of
    // another case (Error(refused)). nullptr when no case is given.
    static std::unique_ptr<RenewEvent> prepare(const fs::path& package, const CaseOptions& in_case,
                                               const ActorOptions& actor, const Context& context);

    // Appends it, with the digest of the package as it is now.
    void record();

private:
    RenewEvent(const fs::path& package, const CaseOptions& in_case, const ActorOptions& actor,
               const Context& context);

    const fs::path package_;
    const Context& context_;
    CaseFolder case_folder_;
    const std::optional<SigningIdentity> identity_;
    const EventAuthor author_;
    EventDraft draft_;
    std::string package_id_;
};

}  // namespace evidence::cli
