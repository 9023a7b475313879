// Drills: the acquisition at work on a made-up device with a fault, on the laboratory's own
// machine, with everything that comes out of it compared with what has to. ISO/IEC 17025 asks
// laboratories to validate their tools themselves (evidence-acquire(1), "Drills").
//
// Thread rule: one drill at a time in a process that has no other threads: some of them fork.
#pragma once

#include <functional>

#include "acquisition/acquire.h"
#include "acquisition/preflight.h"

namespace evidence {

enum class Drill {
    bad_sectors,  // sectors that cannot be read, for ever or for once
    short_read,   // answers that are shorter than asked for, and a device that ends early
    full_disk,    // a destination that takes no more
    kill,         // SIGKILL in the middle
};

std::string_view name_of(Drill drill);  // "bad-sectors"
std::optional<Drill> drill_named(std::string_view name);

struct DrillStep {
    std::string step, expected, found;  // plain words; `found` is `expected` when it passed
    bool passed() const { return expected == found; }
};

struct DrillReport {
    Drill drill{};
    ToolDetails tool;
    std::vector<PreflightCheck> machine;  // kernel, host, clock
    UtcTime started_at, completed_at;
    std::string zone;
    std::vector<DrillStep> steps;  // never empty

    bool passed() const;
};

// What is drilled: acquire(), or in tests something that is broken on purpose.
using Acquirer = std::function<AcquiredItem(CaseFolder&, const AcquireRequest&, const Context&)>;

// Works in a folder of its own below the scratch folder, which it removes: up to 250 MiB.
// Error(io) when the drill itself cannot be held, Error(interrupted).
DrillReport run_drill(Drill drill, const ToolDetails& tool, const Context& context,
                      const Acquirer& acquirer = acquire);

// evidence-drill/1 (schemas/drill.schema.json).
Json to_json(const DrillReport& report);

}  // namespace evidence
