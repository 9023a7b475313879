#include "acquisition/archive_handles.h"

#include "base/error.h"

namespace evidence {

ArchiveLocale::ArchiveLocale() : utf8_(::newlocale(LC_ALL_MASK, "C.UTF-8", nullptr)) {
    if (!utf8_) {
        throw Error(ErrorKind::unsupported, "locale missing: C.UTF-8 (expected on every system)",
                    "install the C.UTF-8 locale; without it file names could not be kept exact");
    }
    before_ = ::uselocale(utf8_);
}

ArchiveLocale::~ArchiveLocale() {
    ::uselocale(before_);
    ::freelocale(utf8_);
}

}  // namespace evidence
