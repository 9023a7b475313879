// README.txt of a package: how to check it with stock tools, in plain words.
#pragma once

#include <string>
#include <vector>

#include "package/documents.h"

namespace evidence {

// A function of the package alone. Commands stand in blocks indented by four spaces, each below a
// line that ends in a colon; the first block checks everything and prints nothing when all holds.
// `expert_witness` is the first set of files .E01 .E02 .. in the package that has at least two:
// "data/000006.E01"; empty for none.
std::string readme_txt(const PackageDocument& document,
                       const std::vector<std::string>& expert_witness = {});

}  // namespace evidence
