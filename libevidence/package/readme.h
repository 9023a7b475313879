// README.txt of a package: how to check it with stock tools, in plain words.
#pragma once

#include <string>

#include "package/documents.h"

namespace evidence {

// A function of the package alone. Commands stand in blocks indented by four spaces, each below a
// line that ends in a colon; the first block checks everything and prints nothing when all holds.
std::string readme_txt(const PackageDocument& document);

}  // namespace evidence
