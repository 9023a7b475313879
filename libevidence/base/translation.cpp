#include "base/translation.h"

#include <algorithm>

namespace evidence {

const Translation& english() {
    static const Translation words;
    return words;
}

bool is_right_to_left(std::string_view language) {
    const std::string_view primary = language.substr(0, language.find_first_of("-_"));
    constexpr std::string_view known[] = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"};
    return std::find(std::begin(known), std::end(known), primary) != std::end(known);
}

std::string fill(std::string_view pattern, std::initializer_list<PlaceValue> values) {
    std::string filled;
    while (!pattern.empty()) {
        const std::size_t open = std::min(pattern.find('{'), pattern.size());
        filled += pattern.substr(0, open);
        pattern.remove_prefix(open);
        const std::size_t close = pattern.find('}');
        const std::string_view name =
            close == std::string_view::npos ? "" : pattern.substr(1, close - 1);
        const auto* value = std::find_if(values.begin(), values.end(), [&](const PlaceValue& each) {
            return !name.empty() && each.name == name;
        });
        if (value != values.end()) {
            filled += value->value;
            pattern.remove_prefix(close + 1);
        } else if (!pattern.empty()) {
            filled += pattern.front();
            pattern.remove_prefix(1);
        }
    }
    return filled;
}

}  // namespace evidence
