// Where passphrases and PINs come from.
//
// Thread rule: plain functions and values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace evidence {

// Asked only when there is a secret to ask for; `what` is the file, or the token as a PKCS#11 URI.
// Returns nullopt when nobody can answer.
using PassphraseSource = std::function<std::optional<std::string>(std::string_view what)>;

}  // namespace evidence
