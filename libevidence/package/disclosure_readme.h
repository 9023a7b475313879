// README.txt of a disclosure: that of every package, and how to see with stock tools that what is
// given belongs to the original (evidence-package(5), "Disclosure").
//
// Thread rule: plain functions.
#pragma once

#include <string>
#include <vector>

#include "package/disclosure_document.h"
#include "package/documents.h"

namespace evidence {

// `is_named`: for each original in it, outermost first, at least one, whether all of its records
// go along. What comes out is written for exactly these levels.
std::string disclosure_readme_txt(const PackageDocument& document,
                                  const DisclosureDocument& disclosure,
                                  const std::vector<bool>& is_named);

}  // namespace evidence
