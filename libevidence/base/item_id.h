// Item ids (exhibit numbers): [A-Za-z0-9][A-Za-z0-9._-]{0,63}, unique when case-folded, because
// they become folder names and are read out in court.
#pragma once

#include <string>
#include <string_view>

namespace evidence {

bool is_item_id(std::string_view text);

// ASCII lower case: the form in which ids and package entry names must be unique.
std::string fold_case(std::string_view text);

}  // namespace evidence
