#include "verification/report.h"

namespace evidence {

std::string_view name_of(TargetKind kind) {
    switch (kind) {
        case TargetKind::package:
            return "package";
        case TargetKind::case_folder:
            return "case";
        case TargetKind::transfer:
            return "transfer";
        case TargetKind::statement:
            return "statement";
        case TargetKind::checkpoint:
            return "checkpoint";
        case TargetKind::bag:
            return "bag";
    }
    return "";
}

}  // namespace evidence
