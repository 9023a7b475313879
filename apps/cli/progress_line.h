// Progress for people (one line on a terminal, rewritten in place) and for programs (JSON lines).
#pragma once

#include <memory>

#include "base/context.h"
#include "cli/tool.h"

namespace evidence::cli {

// A terminal line when standard error is a terminal and neither --quiet nor --progress says
// otherwise; JSON lines with --progress=json; nothing else but warnings.
std::unique_ptr<ProgressSink> make_progress(const CommonOptions& common);

}  // namespace evidence::cli
