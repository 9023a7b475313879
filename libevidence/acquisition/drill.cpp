#include "acquisition/drill.h"

#include <algorithm>
#include <array>

#include "acquisition/acquisition_record.h"
#include "acquisition/drill_trials.h"

namespace evidence {
namespace {

struct DrillRow {
    Drill drill;
    std::string_view name;
    void (*hold)(DrillBench&);
};

constexpr std::array rows = {
    DrillRow{Drill::bad_sectors, "bad-sectors", drill_bad_sectors},
    DrillRow{Drill::short_read, "short-read", drill_short_reads},
    DrillRow{Drill::full_disk, "full-disk", drill_full_disk},
    DrillRow{Drill::kill, "kill", drill_kill},
};

const DrillRow& row_of(Drill drill) { return rows[static_cast<std::size_t>(drill)]; }

Json to_json(const DrillStep& step) {
    return Json::object({{"expected", step.expected},
                         {"found", step.found},
                         {"passed", step.passed()},
                         {"step", step.step}});
}

}  // namespace

std::string_view name_of(Drill drill) { return row_of(drill).name; }

std::optional<Drill> drill_named(std::string_view name) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [name](const DrillRow& each) { return each.name == name; });
    if (row == rows.end()) return std::nullopt;
    return row->drill;
}

bool DrillReport::passed() const {
    return !steps.empty() && std::all_of(steps.begin(), steps.end(),
                                         [](const DrillStep& step) { return step.passed(); });
}

DrillReport run_drill(Drill drill, const ToolDetails& tool, const Context& context,
                      const Acquirer& acquirer) {
    DrillReport report{drill, tool, machine_checks(context), context.clock.now(), {}, {}, {}};
    report.zone = context.clock.zone();
    DrillBench bench(tool, acquirer, context);
    row_of(drill).hold(bench);
    report.steps = bench.steps();
    report.completed_at = context.clock.now();
    return report;
}

Json to_json(const DrillReport& report) {
    Json steps = Json::array();
    for (const DrillStep& step : report.steps) steps.push_back(to_json(step));
    return Json::object({{"completed_at", format_utc(report.completed_at)},
                         {"drill", name_of(report.drill)},
                         {"format", "evidence-drill/1"},
                         {"machine", to_json(report.machine)},
                         {"passed", report.passed()},
                         {"started_at", format_utc(report.started_at)},
                         {"steps", std::move(steps)},
                         {"tool", to_json(report.tool)},
                         {"zone", report.zone}});
}

}  // namespace evidence
