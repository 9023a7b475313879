#include "verify_page.h"

#include "base/error.h"
#include "cli/tool.h"

namespace evidence {
namespace {

// A page in the middle of what else is printed would be neither.
const std::string& require_file_name(const std::string& path) {
    if (path != "-") return path;
    throw Error(ErrorKind::usage,
                "a report cannot be written to standard output (expected the "
                "name of a new file)");
}

}  // namespace

ReportFile::ReportFile(const std::string& path) : file_(require_file_name(path)) {}

void ReportFile::write(const VerificationReport& report, ReportPageFacts asked,
                       const Translation& words) {
    asked.tool = "evidence-verify " + std::string(cli::tool_version());
    file_.file().write(as_bytes(report_page(report, asked, words)));
    file_.commit();
}

}  // namespace evidence
