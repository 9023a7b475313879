// evidence-verify --report: the report as a page in a file of its own.
#pragma once

#include "base/atomic_file.h"
#include "verification/report_page.h"

namespace evidence {

// Refuses an existing target before hours of work: the page is written at the end.
class ReportFile {
public:
    explicit ReportFile(const std::string& path);
    // Durable under its name once it returns.
    // `asked` but for the tool, which is this one.
    void write(const VerificationReport& report, ReportPageFacts asked, const Translation& words);

private:
    AtomicFile file_;
};

}  // namespace evidence
