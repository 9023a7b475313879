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
        case TargetKind::bag:
            return "bag";
        case TargetKind::statement:
            return "statement";
    }
    return "";
}

}  // namespace evidence
