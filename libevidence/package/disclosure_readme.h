// README.txt of a disclosure: that of every package, and how to see with stock tools that what is
// given belongs to the original (evidence-package(5), "Disclosure").
//
// Thread rule: plain functions.
#pragma once

#include <string>

#include "package/disclosure_document.h"
#include "package/documents.h"

namespace evidence {

std::string disclosure_readme_txt(const PackageDocument& document,
                                  const DisclosureDocument& disclosure);

}  // namespace evidence
